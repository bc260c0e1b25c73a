import assert from 'node:assert/strict';
import { test } from 'node:test';

import { resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { metricValue } from './objectives.ts';
import { isTargetOn, targetKeys } from './target-key.ts';

function targetOf(board: string, runtime: string): Target {
  const resolved = resolveTarget(shippedProfiles, { board, runtime, clockHz: undefined });
  assert.ok('target' in resolved);
  return resolved.target;
}

const one = targetOf('nucleo-f446re', 'tflm + cmsis-nn');
const other = targetOf('nucleo-f446re', 'tflm');
const pico = targetOf('pico', 'tflm + cmsis-nn');

test('a board is known by its id, and by its runtime too where a run has it with several', () => {
  assert.deepEqual(targetKeys([one, pico]), ['nucleo-f446re', 'pico']);
  const keys = targetKeys([one, other, pico]);
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(
    keys.map((key) => [isTargetOn(key, 'nucleo-f446re'), isTargetOn(key, 'pico')]),
    [
      [true, false],
      [true, false],
      [false, true],
    ],
  );
});

test('a limit on a board is about every runtime that the run has on it', () => {
  const cost = (latency: number) => ({
    ...{ latency, ram: 1, flash: 1, energy: undefined, macs: 1, parameters: 1 },
  });
  const [first = '', second = '', third = ''] = targetKeys([one, other, pico]);
  const trial = { costs: { [first]: cost(3), [second]: cost(30), [third]: cost(70) }, result: undefined };
  assert.equal(metricValue(trial, 'latency', 'nucleo-f446re'), 30);
  assert.equal(metricValue(trial, 'latency', first), 3);
  assert.equal(metricValue(trial, 'latency', undefined), 70);
});
