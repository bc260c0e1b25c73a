/** What all trials share is there before the first is proposed, and a trial gets its weights from the source alone. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { defaultObjectives } from './objectives.ts';
import { Ranking } from './ranking.ts';
import { Journal } from './run/journal.ts';
import { type RunEnd, work } from './run/run.ts';
import type { WeightSource } from './weights.ts';
import { numbers } from './testing/numbers.ts';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-weights-'));
after(() => rmSync(folder, { recursive: true }));

/** A run of three trials whose strategy needs what `prepare` makes, as choices trained with the weights would. */
async function runWith(done: string[], weights: WeightSource): Promise<RunEnd> {
  let asked = 0;
  const { journal, contents } = Journal.open(join(folder, 'journal.jsonl'));
  try {
    return await work<number>({
      ...{ folder, journal, weights, past: contents.records, seed: 1, trials: 3, budgetSeconds: undefined },
      problem: {
        domain: numbers,
        describe: (candidate) => ({ name: String(candidate), decisions: {}, costs: {} }),
        rate: () => ({ scores: [0], violation: 0 }),
      },
      strategy: {
        ask: () => done.push('ask') && asked++,
        tell: () => undefined,
        fail: () => undefined,
      },
      executor: {
        slots: 1,
        start: () => Promise.resolve({ backend: 'none', dataFingerprint: 'none' }),
        evaluate: () => assert.fail('The source of weights was passed by.'),
        stop: () => undefined,
      },
      epochs: [1],
      lookAhead: 1,
      ranking: new Ranking({ targets: [], objectives: defaultObjectives, constraints: [] }),
      emit: () => undefined,
      signal: new AbortController().signal,
      now: () => 0,
    });
  } finally {
    journal.close();
  }
}

test('a source prepares before the first proposal, evaluates every trial, and rests when the run has ended', async () => {
  const done: string[] = [];
  const source: WeightSource = {
    prepare: async () => {
      await Promise.resolve();
      done.push('prepare');
    },
    evaluate: ({ final, epochs }) => {
      done.push('evaluate');
      const split = { int8: 0.5, float: 0.5, samples: 10 };
      const result = { validation: split, test: final ? split : undefined, epochs, seconds: 1 };
      return Promise.resolve({ status: 'done', result });
    },
  };
  assert.equal((await runWith(done, source)).reason, 'trials');
  assert.equal(done[0], 'prepare');
  assert.equal(done.filter((each) => each === 'prepare').length, 1);
  assert.ok(done.filter((each) => each === 'evaluate').length >= 3);
  const again: string[] = [];
  await runWith(again, { ...source, prepare: () => assert.fail('It was prepared again.') });
});
