/**
 * The time that is left, told while recorded and made-up runs are played again under a clock of their own, held against
 * when each of them ends.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, test } from 'node:test';

import { rangeLeftText } from '../duration.ts';
import { defaultObjectives } from '../objectives.ts';
import { seededRandom } from '../../cost/index.ts';
import { Ranking } from '../ranking.ts';
import type { SearchProgress } from '../types.ts';
import { weightSources } from '../weights.ts';
import type { Executor, Outcome } from '../workers/pool.ts';
import type { Readiness, WorkerJob } from '../workers/protocol.ts';
import { Journal } from './journal.ts';
import { timeLeft } from './time-left.ts';
import { type Problem, work } from './run.ts';
import { numbers } from '../testing/numbers.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nasturtium-time-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What training a trial gives. */
interface Training {
  readonly seconds: number;
  readonly accuracy: number;
}

interface Play {
  readonly slots: number;
  readonly trials: number;
  readonly epochs: readonly number[];
  readonly train: (trial: number, epochs: number, stage: number) => Training;
  readonly latencyOf: (trial: number) => number;
}

/** A clock that moves on when all processes are busy: to the end of the training that ends first. */
class PlayedExecutor implements Executor {
  readonly slots: number;
  now = 0;
  private readonly play: Play;
  private readonly busy: { readonly at: number; readonly end: () => void }[] = [];
  private moving = false;

  constructor(play: Play) {
    this.play = play;
    this.slots = play.slots;
  }

  start(): Promise<Readiness> {
    return Promise.resolve({ backend: 'played', dataFingerprint: '' });
  }

  evaluate(job: WorkerJob): Promise<Outcome> {
    const stage = this.play.epochs.findIndex((epochs) => epochs >= job.epochs);
    const { seconds, accuracy } = this.play.train(job.trial, job.epochs, stage);
    const split = { int8: accuracy, float: accuracy, samples: 1000 };
    const result = {
      validation: split,
      test: job.final ? split : undefined,
      epochs: job.epochs,
      seconds,
    };
    if (!this.moving) setImmediate(() => this.move());
    this.moving = true;
    return new Promise((resolve) => {
      this.busy.push({ at: this.now + seconds, end: () => resolve({ status: 'done', result }) });
    });
  }

  private move(): void {
    this.busy.sort((a, b) => a.at - b.at);
    const next = this.busy.shift();
    this.moving = this.busy.length > 0;
    if (next === undefined) return;
    this.now = next.at;
    next.end();
    if (this.moving) setImmediate(() => this.move());
  }

  stop(): void {
    this.busy.length = 0;
  }
}

/** Every standing that is told, with the seconds that were left in truth. */
async function playAgain(play: Play): Promise<{ progress: SearchProgress; truth: number }[]> {
  const folder = mkdtempSync(join(scratch, 'run-'));
  const { journal } = Journal.open(join(folder, 'journal.jsonl'));
  const executor = new PlayedExecutor(play);
  const problem: Problem<number> = {
    domain: numbers,
    describe: (trial) => ({
      name: String(trial),
      decisions: {},
      costs: {
        board: {
          ...{ latency: play.latencyOf(trial), ram: 1, flash: 1 },
          ...{ energy: undefined, macs: 1, parameters: 1 },
        },
      },
    }),
    rate: (record) => ({
      scores: [-(record.result?.validation.int8 ?? 0), record.costs['board']?.latency ?? 0],
      violation: 0,
    }),
  };
  let asked = 0;
  const told: { progress: SearchProgress; at: number }[] = [];
  await work({
    ...{ folder, problem, executor, journal, past: [], seed: 1 },
    weights: weightSources.scratch({ executor, folder }),
    strategy: {
      ask: () => asked++,
      tell: () => undefined,
      fail: () => undefined,
    },
    ...{ trials: play.trials, budgetSeconds: undefined, epochs: play.epochs, lookAhead: 4 },
    ranking: new Ranking({
      targets: [{ target: 'board' }],
      objectives: defaultObjectives,
      constraints: [],
    }),
    emit(event) {
      if (event.event === 'trial' || event.event === 'progress')
        told.push({ progress: event.progress, at: executor.now });
    },
    signal: new AbortController().signal,
    now: () => executor.now,
  });
  journal.close();
  return told.map(({ progress, at }) => ({ progress, truth: executor.now - at }));
}

type Row = readonly [number, number, number, number, number, number, number];
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'recorded-schedules.json'), 'utf8'),
) as {
  readonly schedules: readonly {
    readonly options: string;
    readonly slots: number;
    readonly trials: number;
    readonly epochs: readonly number[];
    readonly trainings: readonly Row[];
  }[];
};

/** A training that was not recorded, because the replay has other objectives, takes as long as the longest of its stage. */
function trainingOf(rows: readonly Row[], trial: number, stage: number): Training {
  const row = rows.find((each) => each[0] === trial && each[1] === stage);
  if (row !== undefined) return { seconds: row[3], accuracy: row[4] };
  const alike = rows.filter((each) => each[1] === stage);
  return { seconds: Math.max(...alike.map((each) => each[3])), accuracy: 0.8 };
}

describe('the time left', () => {
  for (const { options, slots, trials, epochs, trainings } of recorded.schedules) {
    it(`of a recorded run holds (${options})`, async () => {
      const told = await playAgain({
        ...{ slots, trials, epochs },
        train: (trial, _, stage) => trainingOf(trainings, trial, stage),
        latencyOf: (trial) => trainings.find((row) => row[0] === trial)?.[5] ?? 1,
      });
      assert.ok(told.length >= trials);
      for (const { progress, truth } of told) {
        const { secondsLeft, text } = progress;
        if (secondsLeft === undefined) continue;
        const { low, high } = secondsLeft;
        assert.ok(low <= truth && truth <= high, `${truth.toFixed(1)} s were left: ${low}..${high}, ${text}`);
      }
      assert.ok(told.filter(({ progress }) => progress.secondsLeft !== undefined).length > told.length / 2);
    });
  }

  it('of made-up runs holds nearly always, and says more than nothing', async () => {
    let all = 0;
    let held = 0;
    const widths: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const draw = (): number => random.nextInt(1000) / 1000;
      const setUp = draw() * 2;
      const paces = Array.from({ length: 40 }, () => 2 * 4 ** draw());
      const told = await playAgain({
        slots: 1 + (seed % 3),
        trials: 12 + random.nextInt(28),
        epochs: [[1, 3, 12], [0.25, 1], [3, 9, 30], [2]][seed % 4] ?? [1],
        train: (trial, epochs) => ({
          seconds: setUp + (paces[trial] ?? 1) * epochs * (0.85 + 0.3 * draw()),
          accuracy: 0.7 + 0.2 * draw() + epochs / 1000,
        }),
        latencyOf: (trial) => paces[trial] ?? 1,
      });
      for (const { progress, truth } of told) {
        if (progress.secondsLeft === undefined) continue;
        const { low, high } = progress.secondsLeft;
        all++;
        if (low <= truth && truth <= high) held++;
        if (truth > 60) widths.push(high / truth);
      }
    }
    assert.ok(held / all > 0.98, `held ${held} of ${all} times`);
    const median = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? Infinity;
    assert.ok(median < 4, `the upper end is ${median.toFixed(1)} times the truth in the median`);
  });

  it('is not told before there is something to tell it from', () => {
    const nothing = { least: 0, most: 0, epochs: 1 };
    const past = [1, 2].map((trial) => ({ trial, epochs: 1, seconds: 10 }));
    const outlook = { past, slots: 1, running: [], waiting: [], unproposed: nothing, later: [] };
    assert.equal(timeLeft(outlook), undefined);
    assert.deepEqual(timeLeft({ ...outlook, past: [...past, { trial: 3, epochs: 1, seconds: 10 }] }), {
      low: 0,
      high: 0,
    });
  });
});

for (const [low, high, text] of [
  [0, 3, 'at most 5 s left'],
  [12, 34, '10 to 40 s left'],
  [50, 170, 'at most 3 min left'],
  [70, 250, '1 to 5 min left'],
  [3600, 9000, '1 to 2.5 h left'],
  [20, 20, 'about 20 s left'],
] as const) {
  test(`${low} to ${high} s read as ${text}`, () => assert.equal(rangeLeftText({ low, high }), text));
}
