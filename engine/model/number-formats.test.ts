/** What a runtime says of an operator depends on the number format of what it works on, by its name in the file. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTarget, shippedProfiles, type Support } from '../cost/index.ts';
import { type PricedModel, priceModel, readTflite } from './index.ts';
import { type AnyTensor, writeAnyModel } from './testing/any-model.ts';

function priced(
  kind: string,
  inputs: readonly AnyTensor[],
  output: AnyTensor,
  [runtime, board]: readonly [string, string] = ['tflm', 'nucleo-h743zi'],
): PricedModel {
  const bytes = writeAnyModel([
    {
      name: 'main',
      tensors: [...inputs, output],
      inputs: inputs.flatMap(({ data }, at) => (data === undefined ? [at] : [])),
      outputs: [inputs.length],
      operators: [{ kind, inputs: inputs.map((_, at) => at), outputs: [inputs.length] }],
    },
  ]);
  const resolved = resolveTarget(shippedProfiles, { board, runtime });
  assert.ok('target' in resolved);
  return priceModel(readTflite(bytes, kind), resolved.target);
}

const supportOf = (...given: Parameters<typeof priced>): Support | undefined =>
  priced(...given).graphs[0]?.cost.ops[0]?.support;

const tensor = (type: AnyTensor['type'], shape: readonly number[] = [1, 4]): AnyTensor => ({ shape, type });
const constant = (type: AnyTensor['type'], bytes: number, shape: readonly number[]): AnyTensor => ({
  shape,
  type,
  data: new Uint8Array(bytes),
});

test('half-precision weights run where their conversion is known, and nowhere on TFLite Micro', () => {
  const weights = constant('float16', 8, [1, 4]);
  const micro = supportOf('DEQUANTIZE', [weights], tensor('float32'));
  assert.equal(micro?.level, 'none');
  assert.match(micro.reason, /has no float16 kernel for DEQUANTIZE/);
  const phone = ['litert + xnnpack', 'pixel-4'] as const;
  assert.equal(supportOf('DEQUANTIZE', [weights], tensor('float32'), phone)?.level, 'fast');
});

test('truth values are not taken for bytes', () => {
  assert.equal(supportOf('LOGICAL_NOT', [tensor('bool')], tensor('bool'))?.level, 'fast');
  assert.equal(supportOf('LOGICAL_NOT', [tensor('uint8')], tensor('uint8'))?.level, 'none');
  assert.equal(supportOf('CAST', [tensor('bool')], tensor('float32'))?.level, 'fast');
  assert.equal(supportOf('CAST', [tensor('uint8')], tensor('float32'))?.level, 'none');
});

test('conditions, axes, indices and shapes that stand first do not pick the kernel', () => {
  const int8 = tensor('int8');
  assert.equal(supportOf('SELECT_V2', [tensor('bool'), int8, int8], int8)?.level, 'fast');
  assert.equal(supportOf('SPLIT', [tensor('int32', [1]), int8], int8)?.level, 'fast');
  const table = constant('float32', 64, [4, 4]);
  assert.equal(supportOf('GATHER', [table, tensor('int32', [1])], tensor('float32'))?.level, 'fast');
  const table32 = constant('int32', 64, [4, 4]);
  assert.match(
    JSON.stringify(supportOf('GATHER', [table32, tensor('int32', [1])], tensor('int32'))),
    /no int32 kernel/,
  );
});

test('a transposed convolution whose size is computed has the kernel and the scratch of its image', () => {
  for (const [type, bytes] of [
    ['int8', 4],
    ['int16', 8],
  ] as const) {
    const image = tensor(type, [1, 4, 4, 2]);
    const { graphs } = priced(
      'TRANSPOSE_CONV',
      [tensor('int32', [4]), constant('int8', 72, [4, 3, 3, 2]), image],
      tensor(type, [1, 8, 8, 4]),
    );
    assert.equal(graphs[0]?.cost.ops[0]?.support.level, 'fast');
    // TFLite Micro adds up in 32 bits, or in 64 for 16-bit images, in a buffer of the output's size.
    const scratch = graphs[0].cost.memory.buffers.find(({ kind }) => kind === 'scratch');
    assert.equal(scratch?.bytes, 256 * bytes);
  }
});

test('recurrent layers and products with integer weights under float activations are hybrid as well', () => {
  const weights = constant('int8', 16, [4, 4]);
  const found = supportOf('BATCH_MATMUL', [tensor('float32', [1, 4]), weights], tensor('float32'));
  assert.ok(found?.level === 'none');
  assert.equal(found.rule, 'hybrid-operator');
});

test('numbers of 64 bits are stacked, and 8-bit numbers without a sign run on LiteRT', () => {
  assert.equal(supportOf('PACK', [tensor('int64')], tensor('int64', [1, 1, 4]))?.level, 'fast');
  const phone = ['litert + xnnpack', 'pixel-4'] as const;
  const image = tensor('uint8', [1, 4, 4, 2]);
  const sum = supportOf('ADD', [image, image], image, phone);
  assert.ok(sum?.level === 'slow');
  assert.equal(sum.rule, 'uint8-builtin');
});

test('what was read in another version says so', () => {
  const words = tensor('int16', [1, 4, 4, 2]);
  const sum = supportOf('ADD', [words, words], words, ['x-cube-ai 9', 'nucleo-h743zi']);
  assert.equal(sum?.level, 'none');
  assert.match(sum.reason, /read in 3\.0\.0, since nothing of 9\.0 to 10\.2 could be had/);
});
