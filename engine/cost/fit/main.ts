/**
 * `npm run fit [-- --with DIR]`: fits the latency profiles of the runtimes from the measurements in
 * `device-profiles/measurements` and writes the coefficients into `device-profiles/runtimes/*.json`.
 *
 * With `--with DIR`, `DIR/measurements/single_layers.csv` is read as well and `priors.json` is fitted anew; those
 * rows carry no licence, so only the coefficients enter the project.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { LatencyProfile, Runtime } from '../../../device-profiles/types.ts';
import { cmsisNnProfiles, type ProfileSpec } from './boards.ts';
import { conformalHalfWidth, round } from './intervals.ts';
import { fitCoefficients, predict, type Coefficients, type Observation } from './least-squares.ts';
import { layerObservation, TermReader, type LayerRow } from './observations.ts';
import { makeProfile, pooledResiduals } from './profile.ts';
import { loadObservations, measurementsFolder, readRows } from './read.ts';

const runtimesFolder = path.join(measurementsFolder, '..', 'runtimes');
const priorsFile = path.join(import.meta.dirname, 'priors.json');

/** Fits the layers of each board by themselves, and their error on layer widths left out, in five folds. */
function fitSingleLayers(file: string, reader: TermReader): void {
  const rows: LayerRow[] = parse(readFileSync(file), { columns: true });
  const boards: Record<string, Coefficients> = {};
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
    const within = ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length;
    errors[board] = {
      rows: all.length,
      withinTenPercent: round(within / ratios.length),
      halfWidth: round(conformalHalfWidth(ratios), 2),
    };
  }
  const source =
    'Single int8 layers measured in cycles with TFLite Micro and CMSIS-NN by KIT (MicroNAS look-up tables, 2022 to 2024). The rows carry no licence; only these coefficients are derived from them. Cycles per unit of each term; errors from five folds by output channels.';
  writeFileSync(priorsFile, `${JSON.stringify({ source, boards, errors }, null, 2)}\n`);
  console.log(
    `Fitted ${rows.length} single layers on ${Object.keys(boards).length} boards into priors.json.`,
  );
  for (const [board, error] of Object.entries(errors)) {
    console.log(`  ${board}: ${(100 * error.withinTenPercent).toFixed(1)} % within 10 %`);
  }
}

function sourcesOf(spec: ProfileSpec): LatencyProfile['sources'] {
  const rows = readRows().filter((row) => row.board.startsWith(spec.measuredOn) && spec.accepts(row));
  const counts = new Map<string, number>();
  for (const row of rows) {
    const title =
      row.source.split(' ')[0] === 'MicroNets'
        ? 'MicroNets (Banbury et al., MLSys 2021), Table 4'
        : row.source;
    const repository = title.replace(/ (closed|benchmarking_results|results|sheet|benchmark_results).*$/, '');
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  const layers =
    spec.layers === undefined
      ? []
      : [{ title: `KIT MicroNAS look-up tables, ${spec.layers} (prior)`, date: '2023-08' }];
  return [
    ...[...counts].map(([title, count]) => ({ title, date: '2021 to 2026', note: `${count} rows` })),
    ...layers,
  ];
}

const { values } = parseArgs({ options: { with: { type: 'string' } } });
const file = path.join(runtimesFolder, 'tflm-cmsis-nn.json');
const runtime = JSON.parse(readFileSync(file, 'utf8')) as Runtime;
const reader = new TermReader(runtime.latency.paths);
if (values.with !== undefined) {
  const layers = path.join(values.with, 'measurements', 'single_layers.csv');
  if (!existsSync(layers)) throw new Error(`--with ${values.with}: there is no ${layers}.`);
  fitSingleLayers(layers, reader);
  console.log('Run npm run fit once more to use the new priors.');
} else {
  const observations = loadObservations(cmsisNnProfiles, reader);
  const residuals = pooledResiduals(cmsisNnProfiles, observations);
  const profiles = cmsisNnProfiles.map((spec) =>
    makeProfile(spec, runtime.latency.paths, observations, residuals, sourcesOf(spec)),
  );
  const updated: Runtime = { ...runtime, latency: { ...runtime.latency, profiles } };
  writeFileSync(file, `${JSON.stringify(updated, null, 2)}\n`);
  for (const profile of profiles) {
    console.log(`${profile.id}: ${profile.network.rows} rows, 90 % within x${profile.network.high}`);
  }
}
