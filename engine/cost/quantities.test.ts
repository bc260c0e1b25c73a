import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { template } from '../operators/catalogue.ts';
import type { DType, Shape } from '../space/network.ts';
import { measureQuantities } from './quantities.ts';

const extent = fc.integer({ min: 1, max: 40 });
const step = fc.integer({ min: 1, max: 5 });

test('positions inside the image are those that counting one by one finds', () => {
  fc.assert(
    fc.property(extent, extent, step, step, (input, kernel, stride, dilation) => {
      const output = Math.ceil(input / stride);
      const reach = (kernel - 1) * dilation + 1;
      const before = Math.floor(Math.max(0, (output - 1) * stride + reach - input) / 2);
      let inside = 0;
      for (let at = 0; at < output; at++) {
        for (let tap = 0; tap < kernel; tap++) {
          const position = at * stride + tap * dilation - before;
          if (position >= 0 && position < input) inside++;
        }
      }
      const quantities = measureQuantities(
        {
          kind: 'conv_2d',
          filters: 1,
          kernel: [kernel, 1],
          stride: [stride, 1],
          padding: 'same',
          dilation: [dilation, 1],
          groups: 1,
          bias: 'on',
          batchNorm: false,
          activation: 'none',
        },
        [[input, 1, 1]],
        [output, 1, 1],
      );
      assert.equal(Math.round(quantities.innerMacs), inside);
      const { insideTaps, paddedTaps, insideRows, insideColumns } = quantities;
      assert.deepEqual(
        { insideTaps, paddedTaps, insideRows, insideColumns },
        { insideTaps: inside, paddedTaps: output * kernel - inside, insideRows: inside, insideColumns: 1 },
      );
    }),
  );
});

test('the taps of a transposed convolution that hit its output are those that counting one by one finds', () => {
  fc.assert(
    fc.property(extent, extent, step, fc.constantFrom('same', 'valid'), (input, kernel, stride, padding) => {
      const output = input * stride + (padding === 'same' ? 0 : Math.max(0, kernel - stride));
      const before = padding === 'same' ? Math.floor(Math.max(0, kernel - stride) / 2) : 0;
      let inside = 0;
      for (let at = 0; at < input; at++) {
        for (let tap = 0; tap < kernel; tap++) {
          const position = at * stride + tap - before;
          if (position >= 0 && position < output) inside++;
        }
      }
      const op = template('transpose_conv', {
        kernel: [kernel, 1],
        stride: [stride, 1],
        padding,
        filters: 1,
      });
      const { insideTaps, paddedTaps } = measureQuantities(op, [[input, 1, 1]], [output, 1, 1]);
      assert.deepEqual([insideTaps, paddedTaps], [inside, output * kernel - inside]);
    }),
  );
});

test('an operand of fewer elements is broadcast, a constant one as well', () => {
  const join = (...inputs: Shape[]) => {
    const { broadcast, leastOperand, operands } = measureQuantities(template('add', {}), inputs, [4, 4, 8]);
    return [broadcast, leastOperand, operands];
  };
  assert.deepEqual(join([4, 4, 8], [4, 4, 8]), [0, 128, 2]);
  assert.deepEqual(join([4, 4, 8], [1, 1, 8]), [1, 8, 2]);
  assert.deepEqual(join([8], [4, 4, 8]), [1, 8, 2]);
  const constant = template('other', { tfliteName: 'ADD', shape: [4, 4, 8], dtype: 'int8', weightBytes: 1 });
  const { broadcast, leastOperand } = measureQuantities(constant, [[4, 4, 8]], [4, 4, 8]);
  assert.deepEqual([broadcast, leastOperand], [1, 1]);
});

test('a transposition says which axes stay, joining and splitting how often they copy', () => {
  const kept = (axes: Shape) => {
    const { axesKept, lastAxisKept } = measureQuantities(
      template('transpose', { axes }),
      [[2, 3, 4]],
      [2, 3, 4],
    );
    return [axesKept, lastAxisKept];
  };
  assert.deepEqual(kept([1, 0, 2]), [0, 1]);
  assert.deepEqual(kept([0, 2, 1]), [1, 0]);
  assert.deepEqual(kept([2, 1, 0]), [0, 0]);
  const joined = template('concatenation', { axis: 1 });
  assert.equal(
    measureQuantities(
      joined,
      [
        [5, 2, 4],
        [5, 6, 4],
      ],
      [5, 8, 4],
    ).pieces,
    5 * 2,
  );
  const parted = template('split', { parts: 3, axis: -1 });
  assert.equal(measureQuantities(parted, [[5, 2, 9]], [5, 2, 3]).pieces, 5 * 2 * 3);
});

test('only a change of sign between formats of eight bits is one', () => {
  const resigned = (input: DType, output: DType) =>
    measureQuantities(template('quantize', {}), [[4]], [4], { input, output }).resigned;
  assert.equal(resigned('uint8', 'int8'), 1);
  assert.equal(resigned('int8', 'uint8'), 1);
  assert.equal(resigned('int8', 'int8'), 0);
  assert.equal(resigned('float32', 'int8'), 0);
  assert.equal(resigned('int8', 'int16'), 0);
});
