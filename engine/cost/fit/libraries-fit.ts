/** Fits the libraries of `libraries.json` from rows in the project, or from a folder beside it. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import type { Residual } from './calibration.ts';
import {
  fitLibrary,
  libraryErrors,
  residualsOf,
  type FittedLibrary,
  type LibraryInput,
} from './fit-library.ts';
import type { Coefficients } from './least-squares.ts';
import { parseLibraries, type Library } from './libraries.ts';
import type { MeasuredRow } from './observations.ts';
import type { OperatorCalibration } from './operator-intervals.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import { measurementsFolder, networkIn, readNetwork } from './read.ts';

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

type Input = Omit<LibraryInput, 'operators' | 'otherLibraries'>;

function inputOf(library: Library, rows: readonly MeasuredRow[], network: typeof readNetwork): Input {
  const files = [...new Set(library.members.map(({ file }) => file))];
  const read = files.map((file) => [file, readRuntime(file)] as const);
  const runtimes = new Map(
    read.map(([file, runtime]) => [file, { id: runtime.id, paths: runtime.latency.paths }]),
  );
  return { library, prior: library.prior, rows, runtimes, readNetwork: network };
}

function inputsInside(): readonly Input[] {
  const rows = readRowsOf(path.join(measurementsFolder, 'other_runtimes.csv'));
  return readLibraries()
    .filter(({ outside }) => !outside)
    .map((library) => inputOf(library, rows, readNetwork));
}

/** Errors of single operators of the libraries whose rows are in the project. */
export const insideErrors = (): OperatorResidual[] => inputsInside().flatMap(libraryErrors);

/**
 * Libraries whose rows are in the project, each twice: the second time with the residuals of the others, on which the
 * intervals of thinly measured ones rest.
 */
export function fitInside(operators: OperatorCalibration): readonly FittedLibrary[] {
  const inputs = inputsInside();
  const alone = inputs.map((input) => residualsOf(fitLibrary({ ...input, operators }).judged));
  return inputs.map((input, at) => {
    const otherLibraries: readonly Residual[] = alone.filter((_, other) => other !== at).flat();
    return fitLibrary({ ...input, otherLibraries, operators });
  });
}

/** Rows that carry no licence, of `folder/measurements`. */
function outsideRows(folder: string): readonly MeasuredRow[] {
  return readRowsOf(path.join(folder, 'measurements', 'networks_and_ops.csv')).filter(
    ({ cycles }) => Number(cycles) > 0,
  );
}

/** Libraries of which some rows carry no licence, from a folder beside the project, with those of the project. */
function inputsOutside(folder: string): readonly Input[] {
  const rows = [
    ...outsideRows(folder).filter(({ kind }) => kind === 'e2e' || kind === 'opsum'),
    ...readRowsOf(path.join(measurementsFolder, 'other_runtimes.csv')),
  ];
  return readLibraries()
    .filter(({ outside }) => outside)
    .map((library) => inputOf(library, rows, (name) => networkIn(folder, name)));
}

/** Errors of single operators of those libraries. */
export const outsideLibraryErrors = (folder: string): OperatorResidual[] =>
  inputsOutside(folder).flatMap(libraryErrors);

export const fitOutside = (folder: string, operators: OperatorCalibration): readonly FittedLibrary[] =>
  inputsOutside(folder).map((input) => fitLibrary({ ...input, operators }));

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
