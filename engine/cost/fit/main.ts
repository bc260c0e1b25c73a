/**
 * `npm run fit [-- --with DIR]`: fits the paces of boards and cores to what counted kernels execute, and the latency
 * profiles of runtimes that were not counted, from the measurements in `device-profiles/measurements`; writes them into
 * `device-profiles/boards/*.json`, `cores.json` and `runtimes/*.json`.
 *
 * With `--with DIR`, rows whose source carries no licence are read from outside the project, and only what is derived
 * from them enters it: costs of boards and quantiles of errors (`outside-paces.json`), the profiles of X-CUBE-AI, and
 * their errors (`outside.json`, `operators-outside.json`).
 *
 * With `--own DIR`, a person's own measurements are fitted into a folder of their own: see `own.ts`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Board, LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import { powerFigures, readEnergy } from './energy.ts';
import { errorFigures } from './figures.ts';
import { fitProject } from './fit.ts';
import { boardErrors, type FittedLibrary, type RuntimeError } from './fit-library.ts';
import { fitPaces, keptOf, type FittedPaces } from './fit-paces.ts';
import { round } from './intervals.ts';
import {
  fitOutside,
  mergeProfiles,
  outsideLibraryErrors,
  readRuntime,
  runtimesFolder,
} from './libraries-fit.ts';
import { writeOutsideMemory } from './memory-accuracy.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import { groupErrors, residualsOfGroups } from './operators-outside.ts';
import { fitOwn } from './own.ts';

const here = (name: string): string => path.join(import.meta.dirname, name);
const profilesFolder = path.join(runtimesFolder, '..');

const writeJson = (file: string, value: unknown): void => {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
};

/** Writes the errors of single operators whose rows lie outside the project. */
function writeOperators(folder: string): OperatorResidual[] {
  const groups = groupErrors(outsideLibraryErrors(folder));
  const source =
    'Errors (predicted over measured) of single operators that were left out of the fit: networks of X-CUBE-AI that are nearly all one kernel. The rows are not in the project.';
  writeJson(here('operators-outside.json'), { source, groups });
  return residualsOfGroups(groups);
}

/** Writes what boards and cores take for what kernels execute. */
function writePaces({ boards, cores }: FittedPaces): void {
  for (const [id, paces] of boards) {
    const file = path.join(profilesFolder, 'boards', `${id}.json`);
    const board = JSON.parse(readFileSync(file, 'utf8')) as Board;
    writeJson(file, { ...board, paces });
    for (const { build, rows, network } of paces) {
      console.log(`${id}: ${rows} rows, 90 % of networks within x${network.high} (${build})`);
    }
  }
  writeJson(path.join(profilesFolder, 'cores.json'), cores);
}

/** Writes profiles into runtime files. */
function writeProfiles(profiles: ReadonlyMap<string, readonly LatencyProfile[]>): void {
  for (const [name, list] of profiles) {
    const runtime = readRuntime(name);
    const merged = mergeProfiles(runtime.latency.profiles, list);
    const updated: Runtime = { ...runtime, latency: { ...runtime.latency, profiles: merged } };
    writeFileSync(path.join(runtimesFolder, `${name}.json`), `${JSON.stringify(updated, null, 2)}\n`);
    for (const profile of list) {
      console.log(
        `${runtime.id}, ${profile.id}: ${profile.network.rows} rows, 90 % within x${profile.network.high}`,
      );
    }
  }
}

/** Writes the power of each board whose energy was measured. */
function writePower(): void {
  for (const [id, power] of powerFigures(readEnergy())) {
    const file = path.join(runtimesFolder, '..', 'boards', `${id}.json`);
    const board = JSON.parse(readFileSync(file, 'utf8')) as Board;
    writeFileSync(file, `${JSON.stringify({ ...board, power }, null, 2)}\n`);
    console.log(`${id}: power of ${power.length} builds`);
  }
}

/** Errors alone: no measured value, so that no row can be read from them. */
function writeOutside(fitted: readonly FittedLibrary[]): void {
  const figures = fitted.flatMap((library) => library.figures);
  const nested = fitted.flatMap((library) => library.nested());
  const cores = [...new Set(nested.map(({ member }) => member.core))].sort();
  const chosenAnew = cores.flatMap((core) => {
    const predictions = nested
      .filter(({ member }) => member.core === core)
      .map(({ observation: { network, cycles }, ratio }) => ({ network, measured: cycles, ratio }));
    const found = errorFigures(predictions);
    return found === undefined ? [] : [{ core, figures: found }];
  });
  const sorted = (errors: readonly RuntimeError[]) =>
    [...errors].sort(
      (a, b) => a.runtime.localeCompare(b.runtime) || a.core.localeCompare(b.core) || a.ratio - b.ratio,
    );
  const ratios = sorted(
    fitted.flatMap(({ judged }) =>
      judged.map(({ member: { runtime, core }, ratio }) => ({ runtime, core, ratio: round(ratio, 3) })),
    ),
  );
  const boardRatios = sorted(
    fitted.flatMap(({ boardOut }) =>
      boardErrors(boardOut).map((error) => ({ ...error, ratio: round(error.ratio, 3) })),
    ),
  );
  writeJson(here('outside.json'), { figures, chosenAnew, ratios, boardRatios });
}

/** Prints what went wrong without a stack: it is the person's data, and the message says where. */
function writeOwn(folder: string): void {
  try {
    for (const { file, value, fitted } of fitOwn(folder, new Date().toISOString().slice(0, 10))) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeJson(file, value);
      for (const { runtime, boards, rows, within } of fitted) {
        console.log(`${file}: ${runtime} on ${boards.join(', ')}, ${rows} rows, 90 % within x${within}`);
      }
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

const { values } = parseArgs({ options: { with: { type: 'string' }, own: { type: 'string' } } });
if (values.own !== undefined) writeOwn(values.own);
else if (values.with !== undefined) {
  const paces = fitPaces([], values.with);
  writeJson(here('outside-paces.json'), { setups: keptOf(paces) });
  writePaces(paces);
  const { operators } = fitProject(writeOperators(values.with));
  const fitted = fitOutside(values.with, operators);
  for (const library of fitted) writeProfiles(library.profiles);
  writeOutside(fitted);
  writeOutsideMemory(values.with);
  console.log('Run npm run fit once more to use them, then npm run accuracy.');
} else {
  const { profiles, paces } = fitProject();
  writeProfiles(profiles);
  writePaces(paces);
  writePower();
}
