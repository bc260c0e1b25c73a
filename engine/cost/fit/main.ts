/**
 * `npm run fit [-- --with DIR]`: fits the latency profiles of the runtimes from the measurements in
 * `device-profiles/measurements` and writes the coefficients into `device-profiles/runtimes/*.json`.
 *
 * With `--with DIR`, rows whose source carries no licence are read from outside the project, and only what is derived
 * from them enters it: `DIR/measurements/single_layers.csv` gives `priors.json`, and
 * `DIR/measurements/networks_and_ops.csv` with `DIR/networks` gives the profiles of X-CUBE-AI and `outside.json`, their
 * errors.
 *
 * With `--own DIR`, a person's own measurements are fitted into a folder of their own: see `own.ts`.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { Board, LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import { powerFigures, readEnergy } from './energy.ts';
import { fitProject } from './fit.ts';
import { errorFigures } from './figures.ts';
import { boardErrors, type FittedLibrary, type RuntimeError } from './fit-library.ts';
import { conformalHalfWidth, round } from './intervals.ts';
import {
  fitCoefficients,
  predict,
  type Coefficients,
  type Extent,
  type Observation,
} from './least-squares.ts';
import { layerObservation, TermReader, type LayerRow } from './observations.ts';
import {
  heldOutBoardErrors,
  fitOutside,
  mergeProfiles,
  outsideLibraryErrors,
  outsideNetworks,
  outsideRows,
  priorProfile,
  readRuntime,
  runtimesFolder,
} from './libraries-fit.ts';
import { writeOutsideMemory } from './memory-accuracy.ts';
import type { OperatorResidual } from './operator-residuals.ts';
import {
  errorsElsewhere,
  foldErrors,
  foldsOf,
  groupErrors,
  plain,
  residualsOfGroups,
  transferErrors,
} from './operators-outside.ts';
import { coefficientsIn, outsideChecks, outsideOperators } from './outside-checks.ts';
import { cmsisNnProfiles } from './boards.ts';
import { fitOwn } from './own.ts';
import { joinExtents } from './profile.ts';
import { loadObservations } from './read.ts';
import { baseRuntime } from './base-model.ts';

const figuresFile = path.join(import.meta.dirname, 'outside.json');
const operatorsFile = path.join(import.meta.dirname, 'operators-outside.json');
const priorsFile = path.join(import.meta.dirname, 'priors.json');

/** The single layers of each board. */
function readSingleLayers(file: string, reader: TermReader): ReadonlyMap<string, readonly Observation[]> {
  const rows: LayerRow[] = parse(readFileSync(file), { columns: true });
  const boards = [...new Set(rows.map((row) => row.board))].sort();
  return new Map(
    boards.map((board) => [
      board,
      rows
        .filter((row) => row.board === board)
        .map((row) => layerObservation(row, reader))
        .filter((observation) => observation !== undefined),
    ]),
  );
}

/** Writes the errors of single operators whose rows lie outside the project. */
function writeOperators(
  folder: string,
  layers: ReadonlyMap<string, readonly Observation[]>,
  reader: TermReader,
): OperatorResidual[] {
  const profiles = fitProject([]).profiles.get(baseRuntime) ?? [];
  const { sensor, application } = outsideOperators(outsideRows(folder), reader, outsideNetworks(folder));
  const start = priorProfile(profiles);
  const onM33 = profiles.find(({ core }) => core === 'cortex-m33');
  const elsewhere = [
    ...(onM33 === undefined ? [] : errorsElsewhere(baseRuntime, onM33, coefficientsIn(onM33), sensor)),
    // The STM32H743, H745 and H747 are one silicon.
    ...heldOutBoardErrors(start, baseRuntime, 'cortex-m7-h743', application),
  ];
  const observations = loadObservations(cmsisNnProfiles, reader);
  const onLayers = foldErrors(baseRuntime, observations, layers);
  const transferred = transferErrors(baseRuntime, observations, layers);
  const groups = [
    ...groupErrors([...[...onLayers.values()].flat(), ...transferred], true),
    ...groupErrors([...elsewhere, ...outsideLibraryErrors(folder, start)], false),
  ];
  const source =
    "Errors (predicted over measured) of single operators that were left out of the fit: KIT's single layers, of which there are twenty quantiles, operators that were timed one by one on an EFR32MG24 and an STM32H745, and networks of X-CUBE-AI that are nearly all one kernel. The rows are not in the project.";
  const withinTenPercent = Object.fromEntries(
    [...onLayers].map(([board, errors]) => {
      const within = errors.filter(({ ratio }) => Math.abs(ratio - 1) <= 0.1);
      return [board, round(within.length / errors.length)];
    }),
  );
  writeFileSync(
    operatorsFile,
    `${JSON.stringify({ source, layersWithinTenPercent: withinTenPercent, groups }, null, 2)}\n`,
  );
  return residualsOfGroups(groups);
}

/** Fits the layers of each board by themselves, and their error on layer widths left out, in five folds. */
function fitSingleLayers(layersOfBoard: ReadonlyMap<string, readonly Observation[]>): void {
  const boards: Record<string, Coefficients> = {};
  const envelopes: Record<string, Record<string, Extent>> = {};
  const errors: Record<string, { rows: number; withinTenPercent: number; halfWidth: number }> = {};
  for (const [board, all] of layersOfBoard) {
    const ratios = foldsOf(all).flatMap(({ left, fit }) => left.map((o) => predict(o, fit) / o.cycles));
    const fit = fitCoefficients(plain(all), {}, 0);
    boards[board] = Object.fromEntries(Object.entries(fit).map(([term, cycles]) => [term, round(cycles)]));
    envelopes[board] = joinExtents(all);
    const within = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length;
    errors[board] = {
      rows: all.length,
      withinTenPercent: round(within / ratios.length),
      halfWidth: round(conformalHalfWidth(ratios), 2),
    };
  }
  const source =
    'Single int8 layers measured in cycles with TFLite Micro and CMSIS-NN by KIT (MicroNAS look-up tables, 2022 to 2024). The rows carry no licence; only these coefficients are derived from them. Cycles per unit of each term; errors from five folds by output channels.';
  writeFileSync(priorsFile, `${JSON.stringify({ source, boards, envelopes, errors }, null, 2)}\n`);
  console.log(
    `Fitted ${[...layersOfBoard.values()].flat().length} single layers on ${Object.keys(boards).length} boards into priors.json.`,
  );
  for (const [board, error] of Object.entries(errors)) {
    console.log(`  ${board}: ${(100 * error.withinTenPercent).toFixed(1)} % within 10 %`);
  }
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
function writeOutside(
  folder: string,
  fitted: readonly FittedLibrary[],
  baseModel: readonly LatencyProfile[],
): void {
  const { latency } = readRuntime(baseRuntime);
  const checks = outsideChecks(
    outsideRows(folder),
    baseModel,
    new TermReader(latency.paths),
    outsideNetworks(folder),
  );
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
  writeFileSync(
    figuresFile,
    `${JSON.stringify({ figures, chosenAnew, ratios, boardRatios, checks }, null, 2)}\n`,
  );
}

/** Prints what went wrong without a stack: it is the person's data, and the message says where. */
function writeOwn(folder: string): void {
  try {
    for (const { file, runtime, fitted } of fitOwn(folder, new Date().toISOString().slice(0, 10))) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(runtime, null, 2)}\n`);
      for (const { boards, network } of fitted) {
        console.log(
          `${file}: ${runtime.id} on ${boards.join(', ')}, ${network.rows} rows, 90 % within x${network.high}`,
        );
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
  const layers = path.join(values.with, 'measurements', 'single_layers.csv');
  if (!existsSync(layers)) throw new Error(`--with ${values.with}: there is no ${layers}.`);
  const reader = new TermReader(readRuntime(baseRuntime).latency.paths);
  const single = readSingleLayers(layers, reader);
  fitSingleLayers(single);
  const { operators, profiles } = fitProject(writeOperators(values.with, single, reader));
  const baseModel = profiles.get(baseRuntime) ?? [];
  const fitted = fitOutside(values.with, priorProfile(baseModel), operators);
  for (const library of fitted) writeProfiles(library.profiles);
  writeOutside(values.with, fitted, baseModel);
  writeOutsideMemory(values.with);
  console.log('Run npm run fit once more to use the new priors, then npm run accuracy.');
} else {
  writeProfiles(fitProject().profiles);
  writePower();
}
