import assert from 'node:assert/strict';
import { test } from 'node:test';
import { template } from '../operators/catalogue.ts';
import { compileForm, formIn, type Hull } from './form.ts';
import { measureQuantities, type QuantityName } from './quantities.ts';

/** 8x8x13 to 8x8x7 by 3x3. */
const quantities = measureQuantities(
  template('conv_2d', { filters: 7, kernel: [3, 3] }),
  [[8, 8, 13]],
  [8, 8, 7],
);

const values: readonly (readonly [term: string, value: number])[] = [
  ['1', 1],
  ['pixels', 64],
  ['floor(pixels/2)', 32],
  ['windowSize%4', 1],
  ['floor(windowSize/4)', 29],
  ['floor(inputChannels%8/4)', 1],
  ['ceil(inputChannels/16)', 1],
  ['ceil(inputChannels%8/4)', 2],
  ['[windowSize%4==1]', 1],
  ['[windowSize%4==2]', 0],
  ['[inputChannels<16]', 1],
  ['[inputChannels<13]', 0],
  ['[inputChannels==13]', 1],
  ['floor(pixels/2)*floor(outputChannels/2)*floor(windowSize/4)', 32 * 3 * 29],
  ['pixels*outputChannels%2', 64],
];

for (const [term, value] of values) {
  test(`the term ${term}`, () => {
    assert.equal(compileForm({ [term]: 3 })(quantities), 3 * value);
    assert.deepEqual(formIn({ [term]: 2 }, { low: quantities, high: quantities, step: () => 1 }), {
      low: 2 * value,
      high: 2 * value,
    });
  });
}

test('a sum adds its terms', () => {
  assert.equal(compileForm({ '1': 10, pixels: 2, 'floor(pixels/2)*outputChannels%2': 5 })(quantities), 298);
});

for (const term of ['pixel', 'floor(pixels)', 'pixels/2', 'pixels**macs', '', '[pixels>2]', 'toString']) {
  test(`"${term}" is no term`, () => {
    assert.throws(() => compileForm({ [term]: 1 }), /Unknown quantity/);
  });
}

test('a remainder is bounded by what the step leaves of it', () => {
  const high = { ...quantities, inputChannels: 29 };
  const hull = (step: number): Hull => ({
    low: quantities,
    high,
    step: (name: QuantityName) => (name === 'inputChannels' ? step : 1),
  });
  const of = (term: string, step: number): readonly number[] => {
    const { low, high } = formIn({ [term]: 1 }, hull(step));
    return [low, high];
  };
  assert.deepEqual(of('inputChannels%4', 8), [1, 1]);
  assert.deepEqual(of('inputChannels%4', 2), [1, 3]);
  assert.deepEqual(of('inputChannels%4', 1), [0, 3]);
  assert.deepEqual(of('floor(inputChannels%16/4)', 4), [0, 3]);
  assert.deepEqual(of('[inputChannels%4==1]', 4), [1, 1]);
  assert.deepEqual(of('[inputChannels%4==2]', 4), [0, 0]);
  assert.deepEqual(of('[inputChannels<16]', 1), [0, 1]);
});
