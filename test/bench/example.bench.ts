/**
 * The example, searched for real: by NSGA-II and by random search with the same seeds and the same number of trials and
 * epochs, in one run. Prints, for each seed and on average, the best int8 accuracy on the test split and the hypervolume
 * of the front, whose accuracies are those of the test split too.
 *
 *     node test/bench/example.bench.ts --embedded --seeds 3 --trials 48 --epochs 1..1
 *     node test/bench/example.bench.ts --seeds 1 --minutes 18 --epochs 1..12
 *
 * A number of trials makes the run repeatable bit for bit on one machine; a number of minutes is what a person has.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { hypervolume, metricValue, readRun, type RunView, startSearch } from '../../engine/search/index.ts';

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', default: join(import.meta.dirname, '../../examples/fashion-mnist.nas') },
    seeds: { type: 'string', default: '3' },
    first: { type: 'string', default: '1' },
    trials: { type: 'string' },
    minutes: { type: 'string' },
    epochs: { type: 'string', default: '1..1' },
    strategies: { type: 'string', default: 'nsga2,random' },
    workers: { type: 'string' },
    embedded: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});

/** Where a front is worth nothing: the limits of the example. */
const REFERENCE = { error: 0.25, latencyMs: 20, ramBytes: 16 * 1024 } as const;

interface Result {
  readonly best: number;
  readonly volume: number;
  readonly planarVolume: number;
  readonly trials: number;
  readonly epochs: number;
  readonly seconds: number;
}

/** Share of the box below the reference point that the front dominates: error by latency by RAM, and error by latency. */
function judge(view: RunView): Result {
  const front = view.trials.filter(({ trial, result }) => view.front.includes(trial) && result !== undefined);
  const points = front.map((trial) => [
    (1 - (trial.result?.test?.int8 ?? 0)) / REFERENCE.error,
    (metricValue(trial, 'latency', undefined) ?? Infinity) / REFERENCE.latencyMs,
    (metricValue(trial, 'ram', undefined) ?? Infinity) / REFERENCE.ramBytes,
  ]);
  return {
    best: Math.max(0, ...front.map(({ result }) => result?.test?.int8 ?? 0)),
    volume: hypervolume(points, [1, 1, 1]),
    planarVolume: hypervolume(
      points.map((point) => point.slice(0, 2)),
      [1, 1],
    ),
    trials: view.trials.length,
    epochs: view.trials.reduce((sum, { result }) => sum + (result?.epochs ?? 0), 0),
    seconds: view.elapsedSeconds,
  };
}

async function run(strategy: string, seed: number): Promise<Result> {
  const folder = join(scratch, `${strategy}-${seed}`);
  const [low = 1, high = low] = options.epochs.split('..').map(Number);
  await startSearch(
    {
      file,
      folder,
      strategy,
      seed,
      fidelity: { low, high },
      trials: options.trials === undefined ? undefined : Number(options.trials),
      budgetSeconds: options.minutes === undefined ? undefined : 60 * Number(options.minutes),
    },
    {
      emit: (event) => {
        if (event.event === 'failed') console.log(event.message);
      },
      signal: new AbortController().signal,
      workers: options.workers === undefined ? undefined : Number(options.workers),
    },
  );
  return judge(readRun(folder));
}

/** A copy of the program that trains on the subset that ships, whatever else is at hand: three times as fast. */
function onEmbeddedData(program: string): string {
  const copy = join(scratch, 'embedded.nas');
  const text = readFileSync(program, 'utf8');
  mkdirSync(scratch, { recursive: true });
  writeFileSync(copy, text.replace('dataset fashion-mnist {', 'dataset fashion-mnist { source embedded;'));
  return copy;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

function line(name: string, seed: string, results: readonly Result[]): string {
  const of = (key: keyof Result): number => mean(results.map((result) => result[key]));
  return [
    name.padEnd(10),
    seed.padStart(5),
    `${(100 * of('best')).toFixed(2)} %`.padStart(9),
    of('volume').toFixed(4).padStart(8),
    of('planarVolume').toFixed(4).padStart(8),
    of('trials').toFixed(0).padStart(7),
    of('seconds').toFixed(0).padStart(8),
  ].join('  ');
}

const scratch = options.keep ?? mkdtempSync(join(tmpdir(), 'nasturtium-example-'));
const names = options.strategies.split(',');
const file = options.embedded ? onEmbeddedData(resolve(options.file)) : resolve(options.file);
const results = new Map(names.map((name): [string, Result[]] => [name, []]));
console.log('strategy     seed  best test  volume  planar   trials  seconds');
try {
  for (let i = 0; i < Number(options.seeds); i++) {
    for (const name of names) {
      const seed = Number(options.first) + i;
      const result = await run(name, seed);
      results.get(name)?.push(result);
      console.log(line(name, String(seed), [result]));
    }
  }
  for (const [name, all] of results) console.log(line(name, 'mean', all));
} finally {
  if (options.keep === undefined) rmSync(scratch, { recursive: true, force: true });
}
