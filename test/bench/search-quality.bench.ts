/**
 * How good the strategies are, without training: mean normalised hypervolume after 200 evaluations over 30 seeds
 * on published tables, through the interface that a real search uses. Exits with 1 when a bar is missed.
 *
 * Objectives are scaled by the table's least and greatest values. The bars are judged with the reference point at
 * the nadir of the full front, the stricter of two usual choices; the worst corner of the table is printed beside.
 */

import { lookAhead } from '../../engine/search/order.ts';
import { createStrategy, isRunningStrategy } from '../../engine/search/registry.ts';
import { runningStrategies } from '../../engine/space/index.ts';
import { nasBench201, nasBenchMacro, type Table } from '../tables/table.ts';

const SEEDS = 30;
const EVALUATIONS = 200;

const bars: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'NAS-Bench-Macro': { nsga2: 0.975, evolution: 0.927, random: 0.906 },
  'NAS-Bench-201 on eyeriss': { nsga2: 0.935, evolution: 0.905, random: 0.86 },
};

function run(table: Table, name: string, seed: number, ahead: number): string[] {
  if (!isRunningStrategy(name)) throw new Error(`There is no strategy ${name}.`);
  const strategy = createStrategy(name, table.domain, { seed, weights: [1, 1] });
  const asked: string[] = [];
  let told = 0;
  while (asked.length < EVALUATIONS) {
    for (; told < lookAhead.mustBeTold(asked.length, ahead); told++) {
      const candidate = asked[told] ?? '';
      strategy.tell({ candidate, scores: table.scores(candidate), violation: 0 });
    }
    const candidate = strategy.ask();
    if (candidate === undefined) break;
    asked.push(candidate);
  }
  return asked;
}

let missed = 0;
console.log(`Normalised hypervolume, ${SEEDS} seeds, ${EVALUATIONS} evaluations\n`);
console.log('table                     strategy   ahead  nadir   (worst seed)  corner  bar');
for (const table of [nasBenchMacro(), nasBench201('eyeriss'), nasBench201('raspi4')]) {
  for (const name of runningStrategies) {
    for (const ahead of [1, lookAhead.default]) {
      const runs = Array.from({ length: SEEDS }, (_, seed) => run(table, name, seed, ahead));
      const nadir = runs.map((evaluated) => table.normalisedHypervolume(evaluated, 'nadir'));
      const corner = runs.map((evaluated) => table.normalisedHypervolume(evaluated, 'corner'));
      const bar = bars[table.name]?.[name];
      const met = bar === undefined || mean(nadir) >= bar;
      if (!met) missed++;
      console.log(
        `${table.name.padEnd(25)} ${name.padEnd(10)} ${String(ahead).padStart(5)}  ${mean(nadir).toFixed(4)}  ` +
          `(${Math.min(...nadir).toFixed(4)})      ${mean(corner).toFixed(4)}  ` +
          (bar === undefined ? '-' : `${bar.toFixed(3)} ${met ? 'met' : 'MISSED'}`),
      );
    }
  }
}
process.exitCode = missed > 0 ? 1 : 0;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
