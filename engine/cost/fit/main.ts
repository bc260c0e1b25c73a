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
import type { FittedLibrary } from './fit-library.ts';
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
  fitOutside,
  mergeProfiles,
  outsideNetworks,
  outsideRows,
  priorProfile,
  readRuntime,
  runtimesFolder,
} from './libraries-fit.ts';
import { writeOutsideMemory } from './memory-accuracy.ts';
import { outsideChecks } from './outside-checks.ts';
import { fitOwn } from './own.ts';
import { joinExtents } from './profile.ts';

const figuresFile = path.join(import.meta.dirname, 'outside.json');
const priorsFile = path.join(import.meta.dirname, 'priors.json');

/** Fits the layers of each board by themselves, and their error on layer widths left out, in five folds. */
function fitSingleLayers(file: string, reader: TermReader): void {
  const rows: LayerRow[] = parse(readFileSync(file), { columns: true });
  const boards: Record<string, Coefficients> = {};
  const envelopes: Record<string, Record<string, Extent>> = {};
  const errors: Record<string, { rows: number; withinTenPercent: number; halfWidth: number }> = {};
  for (const board of [...new Set(rows.map((row) => row.board))].sort()) {
    const all = rows
      .filter((row) => row.board === board)
      .map((row) => layerObservation(row, reader))
      .filter((observation) => observation !== undefined);
    const widths = [...new Set(all.map((observation) => observation.network))].sort();
    const ratios = [0, 1, 2, 3, 4].flatMap((fold) => {
      const left = new Set(widths.filter((_, index) => index % 5 === fold));
      const weighted = (list: readonly Observation[]) =>
        list.map((observation) => ({ observation, weight: 1 }));
      const fit = fitCoefficients(weighted(all.filter((o) => !left.has(o.network))), {}, 0);
      return all.filter((o) => left.has(o.network)).map((o) => predict(o, fit) / o.cycles);
    });
    const fit = fitCoefficients(
      all.map((observation) => ({ observation, weight: 1 })),
      {},
      0,
    );
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
    `Fitted ${rows.length} single layers on ${Object.keys(boards).length} boards into priors.json.`,
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
function writeOutside(folder: string, fitted: readonly FittedLibrary[]): void {
  const { latency } = readRuntime('tflm-cmsis-nn');
  const checks = outsideChecks(
    outsideRows(folder),
    latency.profiles,
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
  const ratios = fitted.flatMap(({ judged }) =>
    judged.map(({ member, ratio }) => ({
      runtime: member.runtime,
      core: member.core,
      ratio: round(ratio, 3),
    })),
  );
  ratios.sort(
    (a, b) => a.runtime.localeCompare(b.runtime) || a.core.localeCompare(b.core) || a.ratio - b.ratio,
  );
  writeFileSync(figuresFile, `${JSON.stringify({ figures, chosenAnew, ratios, checks }, null, 2)}\n`);
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
  fitSingleLayers(layers, new TermReader(readRuntime('tflm-cmsis-nn').latency.paths));
  const fitted = fitOutside(values.with, priorProfile(readRuntime('tflm-cmsis-nn').latency.profiles));
  for (const { profiles } of fitted) writeProfiles(profiles);
  writeOutside(values.with, fitted);
  writeOutsideMemory(values.with);
  console.log('Run npm run fit once more to use the new priors, then npm run accuracy.');
} else {
  writeProfiles(fitProject().profiles);
  writePower();
}
