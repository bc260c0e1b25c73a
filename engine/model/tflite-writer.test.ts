import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { template } from '../operators/catalogue.ts';
import { litertMissing, runInLiteRt } from '../../test/interpreters/litert.ts';
import { runInWasm } from '../../test/interpreters/wasm.ts';
import type { Op } from '../space/network.ts';
import type { QuantizedNetwork } from '../space/trained.ts';
import { createInt8Interpreter } from '../train/int8/interpreter.ts';
import { exportTflite, readTflite } from './index.ts';
import { manyOperators, int8Inputs } from './testing/many-operators.ts';

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures/tflite');
const published = [
  'mlperf_tiny_ic_resnet8_int8',
  'mlperf_tiny_kws_dscnn_int8',
  'tflm_hello_world_int8',
  'tflm_micro_speech_int8',
].map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(fixtures, `${name}.tflite`))) }));

function quantizedOf(bytes: Uint8Array): QuantizedNetwork {
  const { quantized, problems } = readTflite(bytes, 'test.tflite');
  assert.deepEqual(problems, []);
  assert.ok(quantized !== undefined);
  return quantized;
}

/** Where an operator stands in a text is not in a `.tflite`. */
function withoutSource(model: QuantizedNetwork): unknown {
  const strip = (op: Op) => ({ ...op, source: undefined });
  return { ...model, network: { ...model.network, ops: model.network.ops.map(strip), listed: undefined } };
}

test('what is written is read back equal, whatever the operator', () => {
  const model = manyOperators();
  assert.deepEqual(withoutSource(quantizedOf(exportTflite(model))), withoutSource(model));
});

test('TensorFlow Lite loads and runs a model of many operators', async () => {
  const model = manyOperators();
  const outputs = await runInWasm(exportTflite(model), int8Inputs(model, 3));
  // A softmax of scale 1/256 and zero point -128 adds up to 256 steps; each output may round by one.
  for (const output of outputs) {
    const sum = output.reduce((total, value) => total + value + 128, 0);
    assert.ok(Math.abs(sum - 256) <= output.length, `The probabilities add up to ${sum / 256}.`);
  }
  assert.notDeepEqual(outputs[0], outputs[1]);
});

test(
  'LiteRT computes bit for bit what the int8 interpreter of the search computes',
  { skip: litertMissing },
  () => {
    const model = manyOperators();
    const every = model.network.ops.map((op) => op.output);
    const inputs = int8Inputs(model, 3);
    const rows = runInLiteRt(
      exportTflite({ ...model, network: { ...model.network, outputs: every } }),
      inputs,
    );
    const interpreter = createInt8Interpreter(model);
    inputs.forEach((input, image) => {
      interpreter.run(input);
      let at = 0;
      for (const op of model.network.ops) {
        const ours = interpreter.tensor(op.output).slice();
        const theirs = rows[image]?.slice(at, at + ours.length) ?? new Int8Array();
        // LiteRT rounds fully connected layers unlike TFLite Micro, which decides here; what follows inherits that.
        if (op.kind === 'fully_connected') {
          assert.ok(Math.max(...ours.map((value, index) => Math.abs(value - (theirs[index] ?? NaN)))) <= 1);
          break;
        }
        assert.deepEqual(theirs, ours, op.name);
        at += ours.length;
      }
    });
  },
);

for (const { name, bytes } of published) {
  test(`${name}, read and written again, is smaller and computes the same`, async () => {
    const model = quantizedOf(bytes);
    const written = exportTflite(model);
    assert.ok(written.length < bytes.length, `${written.length} B against ${bytes.length} B`);
    const inputs = int8Inputs(model, 4);
    assert.deepEqual(await runInWasm(written, inputs), await runInWasm(bytes, inputs));
  });

  test(`${name}, read and written again, computes the same in LiteRT`, { skip: litertMissing }, () => {
    const model = quantizedOf(bytes);
    const inputs = int8Inputs(model, 4);
    assert.deepEqual(runInLiteRt(exportTflite(model), inputs), runInLiteRt(bytes, inputs));
  });
}

test('weights begin at multiples of 16 bytes', () => {
  const model = manyOperators();
  const bytes = exportTflite(model);
  for (const { weights } of model.parameters.values()) {
    const needle = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength);
    const at = Buffer.from(bytes).indexOf(needle);
    assert.ok(at > 0 && at % 16 === 0, `weights at byte ${at}`);
  }
});

test('the same network gives the same bytes', () => {
  assert.deepEqual(exportTflite(manyOperators()), exportTflite(manyOperators()));
});

test('a dropout leaves no trace', () => {
  const model = manyOperators();
  const [first, ...rest] = model.network.ops;
  assert.ok(first !== undefined);
  const tensor = { id: 1000, shape: [8, 8, 3], dtype: 'int8' } as const;
  const dropout: Op = {
    kind: 'dropout',
    rate: 0.2,
    moreOutputs: [],
    index: 999,
    name: 'dropout',
    inputs: first.inputs,
    output: tensor.id,
    source: first.source,
  };
  const network = {
    ...model.network,
    tensors: [...model.network.tensors, tensor],
    ops: [dropout, { ...first, inputs: [tensor.id] }, ...rest],
  };
  assert.deepEqual(exportTflite({ ...model, network }), exportTflite(model));
});

test('a relu6 that rescales gets a quantize before it, since TFLite Micro only clamps there', async () => {
  const model = manyOperators();
  const relu6 = model.network.ops.find((op) => op.kind === 'relu6');
  assert.ok(relu6 !== undefined);
  const activations = new Map(model.activations);
  activations.set(relu6.output, { scale: Float32Array.of(6 / 255), zeroPoint: Int32Array.of(-128) });
  const network = {
    ...model.network,
    outputs: [relu6.output],
    ops: model.network.ops.slice(0, relu6.index + 1),
  };
  const rescaling = { ...model, network, activations };
  const bytes = exportTflite(rescaling);
  const kinds = quantizedOf(bytes).network.ops.map((op) => op.kind);
  assert.deepEqual(kinds.slice(-2), ['quantize', 'relu6']);
  const [input = new Int8Array()] = int8Inputs(model, 1);
  const ours = Array.from(createInt8Interpreter(rescaling).run(input));
  const [theirs = []] = await runInWasm(bytes, [input]);
  assert.ok(Math.max(...ours.map((value, at) => Math.abs(value - (theirs[at] ?? NaN)))) <= 4);
});

test('what has no int8 form is refused by name', () => {
  const model = manyOperators();
  const replaced = (change: (op: Op) => Op): QuantizedNetwork => ({
    ...model,
    network: { ...model.network, ops: model.network.ops.map(change) },
  });
  const tanh = replaced((op) => (op.kind === 'conv_2d' ? { ...op, activation: 'tanh' } : op));
  assert.throws(() => exportTflite(tanh), /cannot fuse tanh into "conv_2d\.0"/);
  const other = replaced((op) =>
    op.kind === 'mean' ? { ...op, ...template('other', { tfliteName: 'PACK', shape: [8] }) } : op,
  );
  assert.throws(() => exportTflite(other), /PACK/);
  assert.throws(() => exportTflite({ ...model, parameters: new Map() }), /"conv_2d\.0" has no weights/);
});

test('channels of zeros that a pad adds are written and read', () => {
  const model = manyOperators();
  const ops = model.network.ops.map((op) => (op.kind === 'pad' ? { ...op, channels: 2 } : op));
  const { network } = readTflite(exportTflite({ ...model, network: { ...model.network, ops } }), 'x');
  const pad = network?.ops.find(({ kind }) => kind === 'pad');
  assert.partialDeepStrictEqual(pad, { kind: 'pad', before: [1, 0], after: [1, 2], channels: 2 });
});
