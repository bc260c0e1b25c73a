import assert from 'node:assert/strict';
import { test } from 'node:test';
import { supportOf } from './support.ts';
import { chain, conv, depthwise, targetNamed, type OpSpec } from './testing.ts';
import type { Shape } from '../space/network.ts';
import type { Support } from './types.ts';

const cmsis = targetNamed({ board: 'nucleo-f446re' });
const reference = targetNamed({ board: 'nucleo-f446re', runtime: 'tflm' });

function supportIn(spec: OpSpec, input: Shape, output: Shape, target = cmsis): Support {
  const network = chain(input, [spec, output]);
  const [op] = network.ops;
  assert.ok(op !== undefined);
  return supportOf(op, network, target);
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

test('a grouped convolution is not supported, with depthwise in its place', () => {
  const support = supportIn({ ...conv(8, 3), groups: 4 } as OpSpec, [8, 8, 8], [8, 8, 8]);
  assert.equal(support.level, 'none');
  assert.deepEqual(support.remedy, { kind: 'replace-operator', from: 'conv', to: 'dwconv' });
});

test('a depth multiplier is slow except on one input channel', () => {
  assert.equal(supportIn(depthwise(3, 1, 2), [8, 8, 4], [8, 8, 8]).level, 'slow');
  assert.equal(supportIn(depthwise(3, 1, 8), [8, 8, 1], [8, 8, 8]).level, 'fast');
});

test('reference kernels have no fast path to fall off', () => {
  assert.equal(supportIn(conv(10, 3), [8, 8, 8], [8, 8, 10], reference).level, 'fast');
});

test('float networks run on slow kernels', () => {
  const network = chain([8, 8, 4], [conv(8, 3), [8, 8, 8]]);
  const float = {
    ...network,
    tensors: network.tensors.map((tensor) => ({ ...tensor, dtype: 'float32' as const })),
  };
  const [op] = float.ops;
  assert.ok(op !== undefined);
  const support = supportOf(op, float, cmsis);
  assert.equal(support.level, 'slow');
  assert.equal(support.rule, 'float-reference');
});
