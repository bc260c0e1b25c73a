/**
 * The export judged on every test picture of the shipped Fashion-MNIST subset: what the search reports as accuracy
 * is what TensorFlow Lite computes from the file.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { litertMissing, runInLiteRt } from '../../test/interpreters/litert.ts';
import { runInWasm } from '../../test/interpreters/wasm.ts';
import { createInt8Interpreter, evaluateInt8, inputQuantizer, openDataset } from '../train/index.ts';
import type { Dataset } from '../train/index.ts';
import { exportTflite, readTflite } from './index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bytes = new Uint8Array(
  readFileSync(path.join(root, 'test/fixtures/tflite/nasturtium_clothes_int8.tflite')),
);
const { quantized } = readTflite(bytes, 'clothes');
assert.ok(quantized !== undefined);

let dataset: Dataset;
let inputs: Int8Array[];
let logits: number[][];

const largest = (row: ArrayLike<number>) => Array.from(row).indexOf(Math.max(...Array.from(row)));
const accuracy = (rows: readonly ArrayLike<number>[]) =>
  rows.filter((row, image) => largest(row) === dataset.test.labels[image]).length / rows.length;

/** The greatest difference of any logit of any picture, in quantisation steps. */
const difference = (rows: readonly ArrayLike<number>[]) =>
  Math.max(
    ...rows.map((row, image) =>
      Math.max(...(logits[image] ?? []).map((ours, at) => Math.abs(ours - (row[at] ?? NaN)))),
    ),
  );

describe('an exported model', () => {
  before(async () => {
    const setting = {
      name: 'idx',
      path: 'examples/data/fashion-mnist-subset',
      input: [28, 28, 1],
      classes: 10,
      calibrate: undefined,
      options: {},
      source: { file: 'test', line: 0, start: 0, end: 0 },
    };
    dataset = await openDataset(setting, root);
    const quantize = inputQuantizer(quantized, dataset);
    inputs = Array.from({ length: dataset.test.size }, (_, image) => quantize(dataset.test, image));
    const interpreter = createInt8Interpreter(quantized);
    logits = inputs.map((input) => Array.from(interpreter.run(input)));
  });

  test('is written as the same bytes from what is read of it', () => {
    assert.deepEqual(exportTflite(quantized), bytes);
  });

  test('has the accuracy that the search reports', () => {
    assert.equal(accuracy(logits), evaluateInt8(quantized, dataset, dataset.test));
    assert.ok(accuracy(logits) > 0.7);
  });

  test('gives the same accuracy and logits within one step in LiteRT', { skip: litertMissing }, () => {
    const rows = runInLiteRt(bytes, inputs);
    assert.ok(difference(rows) <= 1);
    assert.equal(accuracy(rows), accuracy(logits));
  });

  // This build of TensorFlow Lite always uses XNNPACK, whose rounding is not that of the microcontroller's kernels:
  // a tie between two classes may fall the other way.
  test('gives logits within one step in the wasm build of TensorFlow Lite', async () => {
    const rows = await runInWasm(bytes, inputs);
    assert.ok(difference(rows) <= 1);
    assert.ok(Math.abs(accuracy(rows) - accuracy(logits)) <= 0.002);
  });
});
