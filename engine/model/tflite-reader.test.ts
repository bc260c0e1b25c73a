import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Builder } from 'flatbuffers';
import { resolveTarget, shippedProfiles } from '../cost/index.ts';
import { int32 } from './flatbuffer-writer.ts';
import { exportTflite, modelCostReport, priceModel, readTflite } from './index.ts';
import { field, tensorType } from './schema.ts';
import { type AnyGraph, type AnyTensor, writeAnyModel } from './testing/any-model.ts';
import { manyOperators } from './testing/many-operators.ts';

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures/tflite');
const fixture = (name: string) => new Uint8Array(readFileSync(path.join(fixtures, `${name}.tflite`)));

const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
assert.ok('target' in resolved);
const nucleo = resolved.target;

function counts(name: string): Record<string, number> {
  const { network, problems } = readTflite(fixture(name), name);
  assert.deepEqual(problems, []);
  const result: Record<string, number> = {};
  for (const op of network?.ops ?? []) result[op.kind] = (result[op.kind] ?? 0) + 1;
  return result;
}

test('published networks are read with their operators, shapes and numbers', () => {
  assert.deepEqual(counts('mlperf_tiny_ic_resnet8_int8'), {
    conv_2d: 9,
    add: 3,
    average_pool_2d: 1,
    reshape: 1,
    fully_connected: 1,
    softmax: 1,
  });
  assert.deepEqual(counts('tflm_hello_world_int8'), { fully_connected: 3 });
  assert.deepEqual(counts('tflm_micro_speech_int8'), {
    reshape: 1,
    depthwise_conv_2d: 1,
    fully_connected: 1,
    softmax: 1,
  });

  const { network, quantized } = readTflite(fixture('mlperf_tiny_kws_dscnn_int8'), 'kws');
  assert.ok(network !== undefined);
  const [first] = network.ops;
  assert.deepEqual(network.tensors[0], { id: 0, shape: [49, 10, 1], dtype: 'int8' });
  assert.partialDeepStrictEqual(first, {
    kind: 'conv_2d',
    kernel: [10, 4],
    stride: [2, 2],
    padding: 'same',
    filters: 64,
    activation: 'relu',
    bias: 'on',
  });
  const parameters = quantized?.parameters.get(0);
  assert.deepEqual(
    [parameters?.weightShape, parameters?.weightQuantization.scale.length],
    [[64, 10, 4, 1], 64],
  );
});

test('a file that is no model is refused in words', () => {
  const messages = (bytes: Uint8Array) => readTflite(bytes, 'x').problems.map((problem) => problem.message);
  assert.match(messages(Uint8Array.of(255, 254))[0] ?? '', /not a TensorFlow Lite model/);
  assert.match(messages(Uint8Array.of(255, 255, 255, 255, 84, 70, 76, 51))[0] ?? '', /cut off or damaged/);
});

test('a shape that no microcontroller could hold is refused before anybody prices it', () => {
  const model = manyOperators();
  const [input, ...rest] = model.network.tensors;
  assert.ok(input !== undefined);
  const network = { ...model.network, tensors: [{ ...input, shape: [2_000_000, 8, 3] }, ...rest] };
  const { problems } = readTflite(exportTflite({ ...model, network }), 'x');
  assert.match(problems[0]?.message ?? '', /Tensor 0 has the shape \[1, 2000000, 8, 3\]/);
});

/** Reads without an exception; `bad-input.test.ts` goes further. */
function survives(bytes: Uint8Array): void {
  const { network, problems } = readTflite(bytes, 'fuzz');
  assert.ok(network !== undefined || problems.some((problem) => problem.severity === 'error'));
  for (const problem of problems) assert.match(problem.message, /\.$/);
}

test('a small file that reads one list over and over is refused, not expanded', () => {
  const builder = new Builder(1 << 20);
  builder.startVector(4, 50_000, 4);
  for (let count = 0; count < 50_000; count++) builder.addInt32(1);
  const shape = builder.endVector();
  builder.startObject(1);
  builder.addFieldOffset(0, shape, 0);
  const tensor = builder.endObject();
  builder.startVector(4, 50_000, 4);
  for (let count = 0; count < 50_000; count++) builder.addOffset(tensor);
  const tensors = builder.endVector();
  builder.startObject(1);
  builder.addFieldOffset(0, tensors, 0);
  const subgraph = builder.endObject();
  builder.startVector(4, 1, 4);
  builder.addOffset(subgraph);
  const subgraphs = builder.endVector();
  builder.startObject(0);
  const buffer = builder.endObject();
  builder.startVector(4, 1, 4);
  builder.addOffset(buffer);
  const buffers = builder.endVector();
  builder.startObject(5);
  builder.addFieldInt32(0, 3, 0);
  builder.addFieldOffset(2, subgraphs, 0);
  builder.addFieldOffset(4, buffers, 0);
  builder.finish(builder.endObject(), 'TFL3');
  const bytes = builder.asUint8Array();
  survives(bytes);
  assert.match(readTflite(bytes, 'x').problems[0]?.message ?? '', /shape|over and over/);
});

const tensor = (shape: readonly number[], more: Partial<AnyTensor> = {}): AnyTensor => ({
  shape,
  type: 'int8',
  ...more,
});

/** What the schema allows and converters seldom write. */
const lenient: Readonly<Record<string, AnyGraph>> = {
  'scalars, empty shapes and empty constants': {
    name: 'main',
    tensors: [tensor([]), tensor([0], { type: 'int32' }), tensor([], { name: 'same' })],
    inputs: [0],
    outputs: [2],
    operators: [{ kind: 'RESHAPE', inputs: [0, 1], outputs: [2] }],
  },
  'operators without inputs and outputs': {
    name: 'main',
    tensors: [tensor([4])],
    inputs: [0],
    outputs: [0],
    operators: [
      { kind: 'CALL_ONCE', inputs: [], outputs: [] },
      { kind: 'Log', inputs: [0], outputs: [] },
      { kind: 'VAR_HANDLE', inputs: [], outputs: [-1] },
    ],
  },
  'operators that are newer than this reader': {
    name: 'main',
    tensors: [tensor([4]), tensor([4], { name: 'new' })],
    inputs: [0],
    outputs: [1],
    operators: [{ kind: '#250', inputs: [0, -1], outputs: [1, -1] }],
  },
  'numbers of every format, and outputs of none': {
    name: 'main',
    tensors: [
      ...(Object.keys(tensorType) as (keyof typeof tensorType)[]).map((type) => tensor([2, 3], { type })),
      tensor([0], { name: 'none' }),
    ],
    inputs: Object.keys(tensorType).map((_, at) => at),
    outputs: [Object.keys(tensorType).length],
    operators: [{ kind: 'PACK', inputs: [0, 1], outputs: [Object.keys(tensorType).length] }],
  },
  'weights of no elements': {
    name: 'main',
    tensors: [tensor([1, 8]), tensor([0, 8], { data: new Uint8Array(8) }), tensor([1, 4], { name: 'dense' })],
    inputs: [0],
    outputs: [2],
    operators: [{ kind: 'FULLY_CONNECTED', inputs: [0, 1, -1], outputs: [2] }],
  },
  'no operator at all': { name: '', tensors: [tensor([4])], inputs: [0], outputs: [0], operators: [] },
  'weights in another file': {
    name: 'main',
    tensors: [tensor([1, 8]), tensor([4, 8], { elsewhere: true }), tensor([1, 4], { name: 'dense' })],
    inputs: [0],
    outputs: [2],
    operators: [{ kind: 'FULLY_CONNECTED', inputs: [0, 1, -1], outputs: [2] }],
  },
};

for (const [name, graph] of Object.entries(lenient)) {
  test(`a model with ${name} is read and priced`, () => {
    const once: AnyGraph = { name: 'once', tensors: [], inputs: [], outputs: [], operators: [] };
    const callOnce = { optionsType: 1, options: [[field.callOnce.graph, int32(1)]] } as const;
    const main = {
      ...graph,
      operators: graph.operators.map((op) => (op.kind === 'CALL_ONCE' ? { ...op, ...callOnce } : op)),
    };
    const model = readTflite(writeAnyModel([main, once]), 'x');
    assert.deepEqual(
      model.problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    const { layers, total } = modelCostReport(priceModel(model, nucleo));
    assert.equal(layers.length, graph.operators.length);
    for (const { macs, ram_bytes: ram } of [...layers, total]) assert.ok(macs >= 0 && ram >= 0);
  });
}

test('numbers of eight bytes take eight bytes, and weights in another file no arena', () => {
  const wide: AnyGraph = {
    name: 'main',
    tensors: [tensor([1, 100], { type: 'int64' }), tensor([1, 100], { type: 'int64' })],
    inputs: [0],
    outputs: [1],
    operators: [{ kind: 'ABS', inputs: [0], outputs: [1] }],
  };
  const head = (graph: AnyGraph) =>
    priceModel(readTflite(writeAnyModel([graph]), 'x'), nucleo).graphs[0]?.cost.memory.headBytes;
  assert.equal(head(wide), 2 * 800);
  assert.equal(head(lenient['weights in another file'] as AnyGraph), 16 + 16);
});

test('every output of an operator takes memory, whether it is read or not', () => {
  const split: AnyGraph = {
    name: 'main',
    tensors: [
      tensor([1, 64]),
      tensor([1], { type: 'int32', data: new Uint8Array(4) }),
      tensor([1, 16], { name: 'a' }),
      tensor([1, 48]),
    ],
    inputs: [0],
    outputs: [2],
    operators: [{ kind: 'SPLIT_V', inputs: [0, 1], outputs: [2, 3] }],
  };
  const { memory } = priceModel(readTflite(writeAnyModel([split]), 'x'), nucleo).graphs[0]?.cost ?? {};
  assert.equal(memory?.headBytes, 64 + 16 + 48);
});
