/** Fits the libraries of `libraries.json` from rows in the project, or from a folder beside it. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import { fitLibrary, type FittedLibrary } from './fit-library.ts';
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
function coefficientsOf(runtime: Runtime, profile: LatencyProfile): Coefficients {
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
  return fitLibrary({ library, prior, rows, runtimes, readNetwork: network });
}

/** Libraries whose rows are in the project. `cmsisNn`: the profile that their priors come from. */
export function fitInside(cmsisNn: LatencyProfile | undefined): readonly FittedLibrary[] {
  const rows = readRowsOf(path.join(measurementsFolder, 'other_runtimes.csv'));
  return readLibraries()
    .filter(({ outside }) => !outside)
    .map((library) => fit(library, cmsisNn, rows, readNetwork));
}

/** Libraries whose rows carry no licence, from `folder/measurements` and `folder/networks`. */
export function fitOutside(folder: string, cmsisNn: LatencyProfile | undefined): readonly FittedLibrary[] {
  const rows = readRowsOf(path.join(folder, 'measurements', 'networks_and_ops.csv')).filter(
    ({ kind }) => kind === 'e2e' || kind === 'opsum',
  );
  const network: typeof readNetwork = (name) => {
    const file = path.join(folder, 'networks', `${name}.json`);
    return networkFromDefinition(JSON.parse(readFileSync(file, 'utf8')) as NetworkDefinition);
  };
  return readLibraries()
    .filter(({ outside }) => outside)
    .map((library) => fit(library, cmsisNn, rows, network));
}

/** The profile whose coefficients serve other libraries as a start: most networks on a Cortex-M4. */
export function priorProfile(profiles: readonly LatencyProfile[]): LatencyProfile | undefined {
  return profiles.find(({ id }) => id === 'cortex-m4-l4r5zi');
}

/** The profiles of a file once some were fitted anew: those with the same id are replaced, the others stay. */
export function mergeProfiles(
  known: readonly LatencyProfile[],
  fitted: readonly LatencyProfile[],
): readonly LatencyProfile[] {
  const byId = new Map(fitted.map((profile) => [profile.id, profile]));
  const kept = known.map((profile) => byId.get(profile.id) ?? profile);
  const ids = new Set(known.map(({ id }) => id));
  return [...kept, ...fitted.filter(({ id }) => !ids.has(id))];
}
