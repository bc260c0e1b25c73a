import { runtimesOf } from '../../device-profiles/able.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { template } from '../operators/catalogue.ts';
import type { OpTemplate } from '../operators/catalogue.ts';
import { price } from './price.ts';
import { shippedProfiles } from './resolve.ts';
import { chain, conv, depthwise, targetNamed } from './testing.ts';
import type { DType, Shape } from '../space/network.ts';
import type { Support } from './types.ts';

const cmsis = targetNamed({ board: 'nucleo-f446re' });
const l4r5 = targetNamed({ board: 'nucleo-l4r5zi' });
const reference = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm' });
const espressif = targetNamed({ board: 'esp32-s3-devkitc-1', runtime: 'tflm + esp-nn' });

/** Of an operator whose input and output are of one number format. */
function supportIn(
  spec: OpTemplate,
  input: Shape,
  output: Shape,
  target = cmsis,
  dtype: DType = 'int8',
): Support {
  const network = chain(input, [spec, output]);
  const tensors = network.tensors.map((tensor) => ({ ...tensor, dtype }));
  return price({ ...network, tensors }, target).ops[0]?.support ?? assert.fail();
}

test('a convolution with channels in multiples of 4 is on the fast path', () => {
  assert.deepEqual(supportIn(conv(16, 3), [8, 8, 8], [8, 8, 16]), { level: 'fast' });
});

test('the few channels of an image do not count as off the fast path', () => {
  assert.equal(supportIn(conv(16, 3), [8, 8, 1], [8, 8, 16]).level, 'fast');
  assert.equal(supportIn(conv(16, 3), [8, 8, 3], [8, 8, 16]).level, 'fast');
});

test('10 output channels are slow, with the multiple of 4 above as the remedy', () => {
  const support = supportIn(conv(10, 3), [8, 8, 8], [8, 8, 10]);
  assert.equal(support.level, 'slow');
  assert.equal(support.rule, 'output-channels-multiple-of-4');
  assert.deepEqual(support.remedy, { kind: 'set-channels', to: 12 });
  assert.match(support.reason, /^10 output channels are not a multiple of 4/);
});

test('a grouped convolution runs where the kernels have it, else depthwise is offered in its place', () => {
  const grouped = { ...conv(8, 3), groups: 4 } as OpTemplate;
  assert.equal(supportIn(grouped, [8, 8, 8], [8, 8, 8]).level, 'fast');
  assert.equal(supportIn(grouped, [8, 8, 8], [8, 8, 8], reference).level, 'fast');
  const support = supportIn(grouped, [8, 8, 8], [8, 8, 8], espressif);
  assert.equal(support.level, 'none');
  assert.deepEqual(support.remedy, { kind: 'replace-operator', from: 'conv', to: 'dwconv' });
});

test('a depth multiplier is slow where it costs something', () => {
  const support = supportIn(depthwise(3, 1, 2), [8, 8, 4], [8, 8, 8]);
  assert.equal(support.level, 'slow');
  assert.match(
    support.reason,
    /It executes 126 k instructions; with 8 input channels it would execute 44\.4 k\./,
  );
  assert.equal(supportIn(depthwise(9, 1, 2), [16, 16, 4], [16, 16, 8], l4r5).level, 'slow');
  assert.equal(supportIn(depthwise(3, 1, 8), [8, 8, 1], [8, 8, 8]).level, 'fast');
});

const kinds: readonly (readonly [string, OpTemplate, Shape, Shape, OpTemplate, Shape])[] = [
  [
    'dilation',
    { ...conv(16, 3), dilation: [2, 2] } as OpTemplate,
    [16, 16, 16],
    [16, 16, 16],
    conv(16, 3),
    [16, 16, 16],
  ],
  [
    'row dilation',
    { ...conv(16, 3), dilation: [1, 2] } as OpTemplate,
    [16, 16, 16],
    [16, 16, 16],
    conv(16, 3),
    [16, 16, 16],
  ],
  [
    'depthwise dilation',
    { ...depthwise(3), dilation: [2, 2] } as OpTemplate,
    [16, 16, 16],
    [16, 16, 16],
    depthwise(3),
    [16, 16, 16],
  ],
  [
    'wide depthwise dilation',
    { ...depthwise(9), dilation: [2, 2] } as OpTemplate,
    [40, 40, 16],
    [40, 40, 16],
    depthwise(9),
    [40, 40, 16],
  ],
  ['multiplier', depthwise(5, 1, 3), [16, 16, 4], [16, 16, 12], depthwise(5), [16, 16, 12]],
  [
    'groups',
    { ...conv(16, 3), groups: 4 } as OpTemplate,
    [16, 16, 16],
    [16, 16, 16],
    conv(16, 3),
    [16, 16, 4],
  ],
];

test('what is called slow has no price or a dearer one than the fast layer, on every board and runtime', () => {
  for (const each of shippedProfiles.boards) {
    const board = each.id;
    for (const { id: runtime } of runtimesOf(shippedProfiles, each)) {
      const target = targetNamed({ board, runtime });
      for (const [name, spec, input, output, fastSpec, fastInput] of kinds) {
        const [slow] = price(chain(input, [spec, output]), target).ops;
        const [fast] = price(chain(fastInput, [fastSpec, output]), target).ops;
        if (slow?.support.level !== 'slow' || slow.latencyMs === undefined) continue;
        const perMac = (op: typeof slow | undefined) => (op?.latencyMs?.value ?? 0) / (op?.macs ?? 1);
        assert.ok(perMac(slow) > perMac(fast), `${name} with ${runtime} on ${board}`);
      }
    }
  }
});

test('a reduction is slow where pooling is far quicker, in every place', () => {
  const [gap] = price(chain([32, 32, 16], [template('mean', {}), [16]]), cmsis).ops;
  assert.equal(gap?.support.level, 'slow');
  assert.match(gap.support.reason, /`avgpool 32x32 padding valid; flatten` gives the same up to rounding/);
});

test('reference kernels have no fast path to fall off', () => {
  assert.equal(supportIn(conv(10, 3), [8, 8, 8], [8, 8, 10], reference).level, 'fast');
});

test('float networks run on slow kernels', () => {
  const support = supportIn(conv(8, 3), [8, 8, 4], [8, 8, 8], cmsis, 'float32');
  assert.equal(support.level, 'slow');
  assert.equal(support.rule, 'float-reference');
});

/** What each runtime's kernels do with operators that `.nas` has no word for, and with forms of those it has. */
const rows: readonly (readonly [string, string, DType, Support['level']])[] = [
  ['tflm + cmsis-nn', 'BATCH_MATMUL', 'int8', 'fast'],
  ['tflm + cmsis-nn', 'GATHER', 'int16', 'none'],
  ['tflm + cmsis-nn', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'int16', 'fast'],
  ['tflm + cmsis-nn', 'SPLIT', 'int32', 'fast'],
  ['tflm + cmsis-nn', 'SQRT', 'int8', 'none'],
  // A mean over other axes, or a sum with a constant, has the kernel of its operator.
  ['tflm + cmsis-nn', 'MEAN', 'int8', 'fast'],
  ['tflm + cmsis-nn', 'ADD', 'float32', 'slow'],
  ['tflm + cmsis-nn', 'MyKernel', 'int8', 'slow'],
  ['tflm', 'TRANSPOSE_CONV', 'int16', 'fast'],
  ['tinyengine', 'BATCH_MATMUL', 'int8', 'none'],
  ['tinyengine', 'CONCATENATION', 'int8', 'none'],
];

for (const [runtime, tfliteName, dtype, level] of rows) {
  test(`${runtime} has ${tfliteName} in ${dtype}: ${level}`, () => {
    const target = targetNamed({ board: 'nucleo-f746zg', runtime });
    const op = template('other', { tfliteName, shape: [8, 8, 8] });
    assert.equal(supportIn(op, [8, 8, 8], [8, 8, 8], target, dtype).level, level);
  });
}
