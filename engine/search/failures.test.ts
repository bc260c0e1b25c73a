import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failuresText } from './failures.ts';
import type { TrialRecord } from './types.ts';

const trial = (number: number, error: string | undefined): TrialRecord => ({
  ...{ trial: number, stage: 0, name: '', decisions: {}, result: undefined, costs: {}, error },
  status: error === undefined ? 'done' : 'failed',
});

for (const [errors, text] of [
  [[], ''],
  [[undefined], ''],
  [['No.'], 'The only trial failed, because: No.'],
  [['Out of memory.', undefined, undefined], '1 of 3 trials failed, because: Out of memory.'],
  [
    ['Rare.', '12 does not fit 10.', '16 does not fit 10.'],
    'Every one of the 3 trials failed, most often (2 times) because: 12 does not fit 10.',
  ],
] as const) {
  test(`${errors.length} trials: ${text}`, () => {
    assert.equal(failuresText(errors.map((error, i) => trial(i, error))), text);
  });
}
