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
  const file = readNpz(path);
  const find = (pairs: typeof TRAIN): Samples | undefined => {
    for (const [x, y] of pairs) {
      if (!file.names.includes(x) || !file.names.includes(y)) continue;
      const images = file.read(x);
      const labels = file.read(y);
      if (images !== undefined && labels !== undefined)
        return toSamples(images, labels, `${path} (${x}, ${y})`);
    }
    return undefined;
  };
  const all = find(TRAIN);
  if (all === undefined) {
    throw new DatasetError(
      `${path} holds ${file.names.join(', ') || 'no arrays'}; samples and labels are looked for as x_train and y_train, images and labels, or x and y. Rename them.`,
    );
  }
  return { all, test: find(TEST) };
}

/** More classes than any network here could tell apart. */
const GREATEST_LABEL = 65535;

/** `[n, h, w]`, `[n, h, w, c]` or `[n, features]`, and labels `[n]`, `[n, 1]`. */
function toSamples(images: NumpyArray, labels: NumpyArray, place: string): Samples {
  const [count = 0, ...rest] = images.shape;
  const shape = rest.length === 2 ? [...rest, 1] : rest;
  if (shape.length !== 1 && shape.length !== 3) {
    throw new DatasetError(
      `${place}: the samples have shape ${images.shape.join('x')}; write them as n x height x width (x channels) or n x features.`,
    );
  }
  if (count > 0 && labels.shape.length === 2 && labels.shape[0] === count && labels.values.length > count) {
    throw new DatasetError(
      `${place}: the labels have shape ${labels.shape.join('x')}, which looks like one column per class. Save numpy.argmax(labels, axis=1) instead.`,
    );
  }
  if (labels.values.length !== count) {
    throw new DatasetError(
      `${place}: there are ${String(count)} samples but ${String(labels.values.length)} labels. They are not of one set.`,
    );
  }
  const odd = labels.values.findIndex(
    (label) => !Number.isInteger(label) || Math.abs(label) > GREATEST_LABEL,
  );
  if (odd >= 0) {
    throw new DatasetError(
      `${place}: label ${String(odd)} is ${String(labels.values[odd])}; labels must be whole numbers from 0. Convert them to class indices.`,
    );
  }
  const size = rest.reduce((a, b) => a * b, 1);
  if (size === 0) {
    throw new DatasetError(
      `${place}: the samples have shape ${images.shape.join('x')}, which holds nothing. Save them with at least one value each.`,
    );
  }
  const missing = images.values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) {
    throw new DatasetError(
      `${place}: sample ${String(Math.floor(missing / size))} holds ${String(images.values[missing])}. Replace or remove what is no finite number, for instance by numpy.nan_to_num.`,
    );
  }
  return { shape, values: images.values, labels: Int32Array.from(labels.values) };
}
