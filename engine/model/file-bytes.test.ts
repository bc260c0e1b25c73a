/** A part of a file is never larger than the file, nor are all of its parts together. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { price } from '../cost/index.ts';
import { targetNamed } from '../cost/testing.ts';
import { initBackend } from '../train/index.ts';
import { FileBytes } from './file-bytes.ts';
import { exportTflite, priceModel, readTflite } from './index.ts';
import { writeAnyModel, type AnyTensor } from './testing/any-model.ts';
import { hybrid, severalGraphs, strangeOperators, withZeroChannels } from './testing/odd-models.ts';
import { randomModel } from './testing/random-programs.ts';

const targets = ['nucleo-f446re', 'nucleo-h743zi'].map((board) => targetNamed({ board }));
const fixtures = path.join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'tflite');

const activation = (...shape: readonly number[]): AnyTensor => ({ shape, type: 'int8', scale: [0.5] });
const weights = (rows: number, columns: number): AnyTensor => ({
  shape: [rows, columns],
  type: 'int8',
  data: new Uint8Array(rows * columns).fill(1),
  scale: [0.1],
});

/** A dense layer 64 to 16 on 32 rows. */
const onRows = () =>
  writeAnyModel([
    {
      name: 'main',
      tensors: [activation(1, 32, 64), weights(16, 64), activation(1, 32, 16)],
      inputs: [0],
      outputs: [2],
      operators: [{ kind: 'FULLY_CONNECTED', inputs: [0, 1, -1], outputs: [2], options: [] }],
    },
  ]);

/** Three dense layers with one matrix. */
const tied = () =>
  writeAnyModel([
    {
      name: 'main',
      tensors: [activation(1, 64), weights(64, 64), activation(1, 64), activation(1, 64), activation(1, 64)],
      inputs: [0],
      outputs: [4],
      operators: [0, 2, 3].map((input, at) => ({
        kind: 'FULLY_CONNECTED',
        inputs: [input, 1, -1],
        outputs: [at + 2],
        options: [],
      })),
    },
  ]);

function flashOf(bytes: Uint8Array): number[] {
  const model = readTflite(bytes, 'x.tflite');
  assert.ok(model.network !== undefined, model.problems[0]?.message);
  return targets.map((target) => {
    const { graphs, total } = priceModel(model, target);
    const layers = graphs.flatMap(({ cost }) => cost.ops.map(({ flashBytes }) => flashBytes));
    const sum = layers.reduce((all, each) => all + each, 0);
    assert.ok(sum <= bytes.length, `${sum} of ${bytes.length}`);
    assert.equal(total.flash.value, bytes.length);
    return sum;
  });
}

test('layers are no larger than their file, whoever wrote it', () => {
  for (const name of readdirSync(fixtures).filter((each) => each.endsWith('.tflite')))
    flashOf(readFileSync(path.join(fixtures, name)));
  for (const bytes of [hybrid(), severalGraphs(), strangeOperators(), withZeroChannels('float32')])
    flashOf(bytes);
});

test('weights count once: not per row of a sequence, and not per layer that shares them', () => {
  const [rows = 0] = flashOf(onRows());
  assert.ok(rows >= 16 * 64 && rows <= 16 * 64 + 64, String(rows));
  const [shared = 0] = flashOf(tied());
  assert.ok(shared >= 64 * 64 && shared <= 64 * 64 + 96, String(shared));
  const model = priceModel(readTflite(tied(), 'x'), targets[0] ?? targetNamed({ board: 'pico' }));
  const [first, ...others] = model.graphs[0]?.cost.ops.map(({ flashBytes }) => flashBytes) ?? [];
  assert.ok((first ?? 0) >= 64 * 64 && others.every((bytes) => bytes < 64), String(others));
});

test('a byte is claimed once, however lists lie over each other, and a place is gone through once', () => {
  const bytes = new FileBytes(100);
  assert.equal(bytes.claim([{ start: 10, end: 30 }]), 20);
  assert.equal(bytes.claim([{ start: 10, end: 30 }]), 0);
  assert.equal(
    bytes.claim([
      { start: 20, end: 40 },
      { start: 90, end: 1e9 },
    ]),
    20,
  );
});

test('predicted layers are no larger than the file that is exported', async () => {
  await initBackend({ prefer: 'wasm' });
  for (let seed = 0, count = 0; count < 25; count += 1) {
    const { model, next } = randomModel(seed);
    seed = next;
    const bytes = exportTflite(model.quantized);
    flashOf(bytes);
    for (const target of targets) {
      const { ops, total } = price(model.quantized.network, target);
      const sum = ops.reduce((all, { flashBytes }) => all + flashBytes, 0);
      assert.ok(sum <= bytes.length && sum <= total.flash.value, model.program);
      for (const op of ops) {
        // Scale and zero point of each channel of the weights and the bias, and of the output; a few constants.
        const channels = op.parameters === 0 ? 0 : (model.quantized.network.ops[op.index]?.output ?? 0);
        const filters = model.quantized.network.tensors.find(({ id }) => id === channels)?.shape.at(-1) ?? 0;
        const data = 4 * op.parameters + 12 * (2 * filters + 1) + 32;
        assert.ok(op.flashBytes <= data, `${op.name} of\n${model.program}`);
      }
    }
  }
});
