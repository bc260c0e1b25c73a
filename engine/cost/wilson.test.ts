import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wilsonInterval } from './wilson.ts';

/** How far from a sample's share, squared, the score test just does not reject a true share. */
const reach2 = (share: number, samples: number): number => (1.959964 ** 2 * share * (1 - share)) / samples;

test('each end is the true share that the sample just does not reject', () => {
  for (const samples of [1, 10, 200, 2000, 10_000]) {
    for (const hits of [0, Math.round(samples * 0.1), Math.round(samples * 0.82), samples]) {
      const share = hits / samples;
      const { low, high } = wilsonInterval(share, samples);
      for (const end of [low, high]) {
        assert.ok(Math.abs((end - share) ** 2 - reach2(end, samples)) < 1e-12, `${hits} of ${samples}`);
      }
      assert.ok(low >= 0 && low <= share && share <= high && high <= 1);
    }
  }
});

test('2,000 samples tell an accuracy of 82 % to about 1.7 points', () => {
  const { low, high } = wilsonInterval(1635 / 2000, 2000);
  assert.deepEqual([low.toFixed(3), high.toFixed(3)], ['0.800', '0.834']);
});
