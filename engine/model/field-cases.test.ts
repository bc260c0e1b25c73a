/** Small models made by hand after public reports, with what the runtime itself says of them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { costDetail, modelCostReport, type PricedModel, priceModel, readTflite } from './index.ts';
import { field } from './schema.ts';
import { writeAnyModel } from './testing/any-model.ts';

const folder = path.resolve(import.meta.dirname, '../../test/fixtures/tflite/field');

function on(runtime: string): Target {
  const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-h743zi', runtime });
  assert.ok('target' in resolved);
  return resolved.target;
}

const reference = on('tflm');
const fast = on('tflm + cmsis-nn');

function priced(name: string, target = reference): PricedModel {
  const model = readTflite(new Uint8Array(readFileSync(path.join(folder, name))), name);
  assert.equal(
    model.problems.find(({ severity }) => severity === 'error'),
    undefined,
  );
  return priceModel(model, target);
}

/** Bytes of the arena that TFLite Micro asks for, built to wasm32: it reads up to 2,128 B high. */
const arenas = {
  'call_once.tflite': [3484, 5612],
  'reshape_scalar.tflite': [396, 2524],
  'fc_seq.tflite': [2972, 5100],
  'bmm.tflite': [10_780, 12_908],
  'svdf3.tflite': [16_764, 18_892],
  'grouped.tflite': [6716, 8844],
} as const;

for (const [name, [low, high]] of Object.entries(arenas)) {
  test(`the arena of ${name} is that of TFLite Micro`, () => {
    const { value } = priced(name).total.ram;
    assert.ok(value >= low && value <= high, `${value}`);
  });
}

test('states that live from inference to inference are all there all the time', () => {
  const { graphs } = priced('svdf3.tflite', fast);
  const memory = graphs[0]?.cost.memory;
  assert.equal(memory?.keptBytes, 3 * 5120);
  const ops = graphs[0]?.cost.ops ?? [];
  assert.deepEqual(
    ops.map(({ kind, parameters }) => [kind, parameters]),
    [
      ['svdf', 64 * 16 + 64],
      ['svdf', 64 * 64 + 64],
      ['svdf', 64 * 64 + 64],
    ],
  );
  const states = memory.buffers.filter(({ kind, bytes }) => kind === 'persistent' && bytes === 5120);
  assert.equal(states.length, 3);
  // None lies where another thing does.
  const ends = states.map(({ offset, bytes }) => [offset, offset + bytes] as const);
  for (const [start, end] of ends) {
    const others = memory.buffers.filter(({ offset }) => offset !== start);
    assert.ok(others.every(({ offset, bytes }) => offset + bytes <= start || offset >= end));
  }
});

test('a resource variable is kept once, by whichever graph first reads or writes it', () => {
  const { graphs } = priced('call_once.tflite');
  assert.deepEqual(
    graphs.map(({ cost }) => cost.memory.keptBytes),
    [768, 0],
  );
});

test('what runs once, before the first inference, takes no time of the others', () => {
  const { problems } = readTflite(new Uint8Array(readFileSync(path.join(folder, 'call_once.tflite'))), 'x');
  assert.ok(problems.every(({ message }) => !message.includes('no latency')));
  const { total, graphs } = priced('call_once.tflite');
  assert.equal(graphs[0]?.cost.ops[0]?.latencyMs?.value, 0);
  assert.ok((total.latency?.value ?? 0) > 0);
});

test('a dense layer that takes a sequence row by row has its weights once', () => {
  const { total, graphs } = priced('fc_seq.tflite');
  assert.equal(total.macs.value, 32 * 64 * 16);
  const layer = graphs[0]?.cost.ops[0];
  assert.equal(layer?.parameters, 64 * 16 + 16);
  assert.ok(layer.flashBytes < total.flash.value);
});

test('a product of matrices has its multiplications, and a latency where it was counted alone', () => {
  const report = modelCostReport(priced('bmm.tflite', fast));
  assert.equal(report.total.macs, 65_536);
  assert.equal(report.total.partial, undefined);
  // Five hundred thousand instructions and more, by the counts of TFLite Micro: not those of the bytes that it moves.
  assert.ok((report.total.latency_ms?.value ?? 0) > 0.3);
  const uncounted = priced('bmm.tflite', on('x-cube-ai 8'));
  assert.equal(modelCostReport(uncounted).total.latency_ms, null);
  const { remarks, shapes } = costDetail(uncounted, 'bmm').graphs[0]?.layers[0] ?? {};
  assert.match(remarks?.join(' ') ?? '', /BATCH_MATMUL .*no latency/);
  assert.match(shapes ?? '', /4x32x16 int8, 4x16x32 int8 → 4x32x32 int8/);
});

test('a grouped convolution runs where the kernels have it, at no price that nobody measured', () => {
  for (const target of [reference, fast]) {
    const [layer] = costDetail(priced('grouped.tflite', target), 'grouped').graphs[0]?.layers ?? [];
    assert.equal(layer?.support, 'fast');
    assert.equal(layer.latency_ms, null);
  }
});

test('the kernels of Arm ask for room of their own on top of what the reference ones need', () => {
  const scratch = priced('call_once.tflite', fast).graphs[0]?.cost.memory.buffers.filter(
    ({ kind }) => kind === 'scratch',
  );
  // The last operator, a convolution, is unrolled for them: 3,200 B.
  assert.deepEqual(
    scratch?.map(({ bytes }) => bytes),
    [3200],
  );
  const [slim, wide] = [reference, fast].map((target) => priced('call_once.tflite', target).total.ram.value);
  assert.ok(slim !== undefined && wide !== undefined && wide > slim);
});

test('a model without a list of buffers holds no constants, and is read', () => {
  const bytes = writeAnyModel([
    {
      name: 'main',
      tensors: [
        { shape: [1, 4], type: 'int8' },
        { shape: [1, 4], type: 'int8' },
      ],
      inputs: [0],
      outputs: [1],
      operators: [{ kind: 'RELU', inputs: [0], outputs: [1] }],
    },
  ]);
  // The list's entry of the model's table of fields: as if it had never been written.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = view.getUint32(0, true);
  const fields = table - view.getInt32(table, true);
  view.setUint16(fields + 4 + 2 * field.model.buffers, 0, true);
  const { problems, network } = readTflite(bytes, 'x');
  assert.deepEqual(problems, []);
  assert.equal(network?.ops.length, 1);
});
