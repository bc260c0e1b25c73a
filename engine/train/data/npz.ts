/** Datasets in one .npz file, under the names that Keras and others use. */

import type { Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { type NumpyArray, readNpz } from './npy.ts';

const TRAIN: readonly (readonly [string, string])[] = [
  ['x_train', 'y_train'],
  ['train_images', 'train_labels'],
  ['X_train', 'y_train'],
  ['images', 'labels'],
  ['x', 'y'],
  ['X', 'y'],
];
const TEST: readonly (readonly [string, string])[] = [
  ['x_test', 'y_test'],
  ['test_images', 'test_labels'],
  ['X_test', 'y_test'],
];

export function readNpzSamples(path: string): { all: Samples; test: Samples | undefined } {
  const arrays = readNpz(path);
  const find = (pairs: typeof TRAIN): Samples | undefined => {
    for (const [x, y] of pairs) {
      const images = arrays.get(x);
      const labels = arrays.get(y);
      if (images !== undefined && labels !== undefined)
        return toSamples(images, labels, `${path} (${x}, ${y})`);
    }
    return undefined;
  };
  const all = find(TRAIN);
  if (all === undefined) {
    throw new DatasetError(
      `${path} holds ${[...arrays.keys()].join(', ') || 'no arrays'}; samples and labels are looked for as x_train and y_train, images and labels, or x and y. Rename them.`,
    );
  }
  return { all, test: find(TEST) };
}

/** `[n, h, w]`, `[n, h, w, c]` or `[n, features]`, and labels `[n]`, `[n, 1]`. */
function toSamples(images: NumpyArray, labels: NumpyArray, place: string): Samples {
  const [count = 0, ...rest] = images.shape;
  const shape = rest.length === 2 ? [...rest, 1] : rest;
  if (shape.length !== 1 && shape.length !== 3) {
    throw new DatasetError(
      `${place}: the samples have shape ${images.shape.join('x')}; write them as n x height x width (x channels) or n x features.`,
    );
  }
  if (labels.values.length !== count) {
    throw new DatasetError(
      `${place}: there are ${String(count)} samples but ${String(labels.values.length)} labels. They are not of one set.`,
    );
  }
  if (labels.values.some((label) => !Number.isInteger(label))) {
    throw new DatasetError(`${place}: labels must be whole numbers from 0. Convert them to class indices.`);
  }
  return { shape, values: images.values, labels: Int32Array.from(labels.values) };
}
