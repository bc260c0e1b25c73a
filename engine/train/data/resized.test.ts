import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { initBackend } from '../backend.ts';
import { barsDataset } from '../testing.ts';
import { canResize, resizeSamples, Sizes } from './resized.ts';

test('samples are resized as TensorFlow resizes with half-pixel centres', async () => {
  await initBackend();
  const values = Float32Array.from({ length: 2 * 5 * 7 * 3 }, (_, at) => Math.sin(at) * 100);
  for (const [height, width] of [
    [10, 14],
    [3, 2],
    [5, 9],
    [1, 1],
  ] as const) {
    const expected = tf.tidy(() =>
      tf.image
        .resizeBilinear(tf.tensor4d(values, [2, 5, 7, 3]), [height, width], false, true)
        .dataSync<'float32'>(),
    );
    const found = resizeSamples(values, 2, [5, 7, 3], [height, width, 3]);
    assert.equal(found.length, expected.length);
    found.forEach((value, at) => assert.ok(Math.abs(value - (expected[at] ?? 0)) < 1e-3));
  }
});

test('bytes stay bytes, rounded to the nearest', () => {
  const found = resizeSamples(Uint8Array.of(0, 10, 21, 30), 1, [2, 2, 1], [1, 1, 1]);
  assert.deepEqual(found, Uint8Array.of(15));
});

test('only height and width of pictures can change', () => {
  assert.equal(canResize([8, 8, 3], [4, 6, 3]), true);
  assert.equal(canResize([8, 8, 3], [8, 8, 1]), false);
  assert.equal(canResize([64], [8, 8, 1]), false);
});

test('a size is worked out once, and a split only when it is read', () => {
  const dataset = barsDataset(4);
  const sizes = new Sizes(dataset);
  assert.equal(sizes.of([8, 8, 1]), dataset);
  assert.equal(sizes.of([64]), dataset);
  const small = sizes.of([4, 4, 1]);
  assert.deepEqual(small.shape, [4, 4, 1]);
  assert.equal(small.train.values.length, small.train.size * 16);
  assert.equal(sizes.of([4, 4, 1]).train, small.train);
  assert.equal(small.train.labels, dataset.train.labels);
  assert.equal(small.fingerprint, dataset.fingerprint);
});
