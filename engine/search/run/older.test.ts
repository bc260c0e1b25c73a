/** A run that version 0.1.0 made: `search examples/fashion-mnist.nas --trials 6 --epochs 0.25..1`, its path shortened. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { readRun } from '../front.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/runs/version-0.1');

test('a run of version 0.1 is read, each accuracy on the split that it was measured on', () => {
  const { trials, front } = readRun(folder);
  const [partly, fully] = [trials[3]?.result, trials[5]?.result];
  assert.partialDeepStrictEqual(partly, {
    validation: { int8: 0.7105 },
    epochs: 0.25,
  });
  assert.equal(typeof partly?.validation.float, 'number');
  assert.equal(partly?.test, undefined);
  // Float was measured on the split that was shown, and on no other.
  assert.partialDeepStrictEqual(fully, {
    validation: { int8: 0.842 },
    test: { int8: 0.8175 },
    epochs: 1,
  });
  assert.equal(fully?.validation.float, undefined);
  assert.equal(fully?.test?.samples, undefined);
  assert.deepEqual(front, [5]);
});
