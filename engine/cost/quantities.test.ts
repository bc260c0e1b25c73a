import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
