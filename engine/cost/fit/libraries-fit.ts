/** Fits the libraries of `libraries.json` from rows in the project, or from a folder beside it. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import type { Residual } from './calibration.ts';
import { fitLibrary, residualsOf, type FittedLibrary } from './fit-library.ts';
import type { Coefficients } from './least-squares.ts';
import { parseLibraries, type Library } from './libraries.ts';
import { networkFromDefinition, type NetworkDefinition } from './network-definition.ts';
import type { MeasuredRow } from './observations.ts';
import { measurementsFolder, readNetwork } from './read.ts';

export const runtimesFolder = path.join(measurementsFolder, '..', 'runtimes');

export function readRuntime(file: string): Runtime {
  return JSON.parse(readFileSync(path.join(runtimesFolder, `${file}.json`), 'utf8')) as Runtime;
}

/** `device-profiles/measurements/libraries.json`. */
function readLibraries(): readonly Library[] {
  return parseLibraries(readFileSync(path.join(measurementsFolder, 'libraries.json'), 'utf8'));
}

function readRowsOf(file: string): readonly MeasuredRow[] {
  return parse(readFileSync(file), { columns: true });
}

/** Coefficients of a profile as the fit names them, with 0 for terms that it lacks. */
export function coefficientsOf(runtime: Runtime, profile: LatencyProfile): Coefficients {
  const all: Record<string, number> = { invoke: profile.invokeCycles };
  for (const { family, terms } of runtime.latency.paths) {
    for (const term of terms) all[`${family}.${term}`] = profile.paths[family]?.cycles[term] ?? 0;
  }
  return all;
}

function fit(
  library: Library,
  cmsisNn: LatencyProfile | undefined,
  rows: readonly MeasuredRow[],
  network: typeof readNetwork,
  neighbours: readonly Residual[] = [],
): FittedLibrary {
  const files = [...new Set(library.members.map(({ file }) => file))];
  const read = files.map((file) => [file, readRuntime(file)] as const);
  const runtimes = new Map(
    read.map(([file, runtime]) => [file, { id: runtime.id, paths: runtime.latency.paths }]),
  );
  let { prior } = library;
  if (prior === 'cmsis-nn') {
    const runtime = readRuntime('tflm-cmsis-nn');
    if (cmsisNn === undefined) throw new Error('There is no profile of TFLM with CMSIS-NN to start from.');
    prior = coefficientsOf(runtime, cmsisNn);
  }
  return fitLibrary({ library, prior, rows, runtimes, neighbours, readNetwork: network });
}

/**
 * Libraries whose rows are in the project, each twice: the second time with the residuals of the others, on which the
 * intervals of thinly measured ones rest. `cmsisNn`: the profile that their priors come from.
 */
export function fitInside(cmsisNn: LatencyProfile | undefined): readonly FittedLibrary[] {
  const rows = readRowsOf(path.join(measurementsFolder, 'other_runtimes.csv'));
  const inside = readLibraries().filter(({ outside }) => !outside);
  const alone = inside.map((library) => residualsOf(fit(library, cmsisNn, rows, readNetwork).judged));
  return inside.map((library, at) => {
    const neighbours = alone.filter((_, other) => other !== at).flat();
    return fit(library, cmsisNn, rows, readNetwork, neighbours);
  });
}

/** Rows that carry no licence, of `folder/measurements`. */
export function outsideRows(folder: string): readonly MeasuredRow[] {
  return readRowsOf(path.join(folder, 'measurements', 'networks_and_ops.csv')).filter(
    ({ cycles }) => Number(cycles) > 0,
  );
}

/** Their networks, of `folder/networks`. */
export function outsideNetworks(folder: string): typeof readNetwork {
  return (name) => {
    const file = path.join(folder, 'networks', `${name}.json`);
    return networkFromDefinition(JSON.parse(readFileSync(file, 'utf8')) as NetworkDefinition);
  };
}

/** Libraries of which some rows carry no licence, from a folder beside the project, with those of the project. */
export function fitOutside(folder: string, cmsisNn: LatencyProfile | undefined): readonly FittedLibrary[] {
  const rows = [
    ...outsideRows(folder).filter(({ kind }) => kind === 'e2e' || kind === 'opsum'),
    ...readRowsOf(path.join(measurementsFolder, 'other_runtimes.csv')),
  ];
  return readLibraries()
    .filter(({ outside }) => outside)
    .map((library) => fit(library, cmsisNn, rows, outsideNetworks(folder)));
}

/** The profile whose coefficients serve other libraries as a start: most networks on a Cortex-M4. */
export function priorProfile(profiles: readonly LatencyProfile[]): LatencyProfile | undefined {
  return profiles.find(({ id }) => id === 'cortex-m4-l4r5zi');
}

/**
 * The profiles of a file once some were fitted anew: those come first, in the order of the fit, because a board without
 * measurements takes the first profile of its core; the others stay.
 */
export function mergeProfiles(
  known: readonly LatencyProfile[],
  fitted: readonly LatencyProfile[],
): readonly LatencyProfile[] {
  const ids = new Set(fitted.map(({ id }) => id));
  return [...fitted, ...known.filter(({ id }) => !ids.has(id))];
}
