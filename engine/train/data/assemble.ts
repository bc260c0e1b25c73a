/** From labelled samples to a dataset: splits, classes, fingerprint. */

import { createHash } from 'node:crypto';
import type { Shape } from '../../space/network.ts';
import { random, permutation } from '../random.ts';
import {
  type Dataset,
  DatasetError,
  DEFAULT_CALIBRATION,
  type Normalization,
  type Split,
} from './dataset.ts';
import { describeColumns, standardize } from './standardize.ts';

/** Samples as they were read. */
export interface Samples {
  readonly shape: Shape;
  readonly values: Uint8Array | Float32Array;
  readonly labels: Int32Array;
}

export interface SplitSettings {
  readonly seed: number;
  /** Share of the training samples (below 1) or their number, set aside to select by. */
  readonly validation: number;
  /** The same for the test split, where the source has none. */
  readonly test: number;
  /** Share of the samples left (up to 1) or their number to train on; fewer make an epoch shorter. */
  readonly train: number;
}

export const DEFAULT_SPLIT: SplitSettings = { seed: 1, validation: 0.1, test: 0.2, train: 1 };

export interface Description {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly normalization: Normalization;
  readonly mirror: boolean;
  readonly shift: number;
  readonly calibrate: number | undefined;
  readonly source: string;
  readonly license: string;
  /** Names of the columns of a table, which are standardised. */
  readonly columns?: readonly string[] | undefined;
}

/** Pixels to [0, 1]: int8 input scale 1/255, zero point -128. */
export const PIXELS: Normalization = { scale: 1 / 255, offset: 0 };

export function assemble(
  description: Description,
  all: Samples,
  given: Samples | undefined,
  settings: SplitSettings,
): Dataset {
  const classes = description.classNames.length;
  for (const labels of [all.labels, given?.labels]) {
    const wrong = labels?.findIndex((label) => label < 0 || label >= classes) ?? -1;
    if (wrong >= 0) {
      throw new DatasetError(
        `${description.source}: sample ${String(wrong)} has class ${String(labels?.[wrong])}, but there are ${String(classes)} classes. Correct \`classes\` or the labels.`,
      );
    }
  }
  checkAlike(description.source, all, given);
  const present = new Set(all.labels);
  if (present.size < 2) {
    throw new DatasetError(
      `${description.source}: the samples are ${present.size === 0 ? 'none' : `all of one class, ${description.classNames[[...present][0] ?? 0] ?? ''}`}. A network learns to tell classes apart: give samples of at least two.`,
    );
  }
  const [rest, test] =
    given === undefined
      ? takeStratified(all, settings.test, classes, settings.seed, 'test')
      : [all, toSplit(given)];
  const [left, validation] = takeStratified(
    { ...rest, shape: all.shape },
    settings.validation,
    classes,
    settings.seed,
    'validation',
  );
  const train = limit(left, all.shape, classes, settings);
  const columns =
    description.columns === undefined
      ? undefined
      : standardize(description.columns, train, [validation, test]);
  for (const [name, split] of Object.entries({ training: train, validation, test })) {
    if (split.size === 0) {
      throw new DatasetError(
        `${description.source}: the ${name} split is empty. Add samples, or change the shares of the splits.`,
      );
    }
  }
  const hash = createHash('sha256');
  for (const { values, labels } of [train, validation, test]) {
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  }
  return {
    ...description,
    source: columns === undefined ? description.source : `${description.source}, ${describeColumns(columns)}`,
    classes,
    shape: all.shape,
    calibrate: description.calibrate ?? DEFAULT_CALIBRATION,
    train,
    validation,
    test,
    fingerprint: hash.digest('hex'),
  };
}

/** Samples of another size or kind of number in the test split would be read as something else than they are. */
function checkAlike(source: string, all: Samples, given: Samples | undefined): void {
  if (given === undefined) return;
  if (given.shape.join('x') !== all.shape.join('x')) {
    throw new DatasetError(
      `${source}: the training samples are ${all.shape.join('x')}, those of the test split ${given.shape.join('x')}. Give them one size.`,
    );
  }
  if (given.values instanceof Uint8Array !== all.values instanceof Uint8Array) {
    throw new DatasetError(
      `${source}: of the training and the test samples one holds bytes, the other different numbers. Save both as the same type.`,
    );
  }
}

function limit(split: Split, shape: Shape, classes: number, { train, seed }: SplitSettings): Split {
  if (train === 1 || train >= split.size) return split;
  const [, part] = takeStratified({ ...split, shape }, train, classes, seed, 'train');
  return part;
}

function toSplit({ values, labels }: Samples): Split {
  return { size: labels.length, values, labels };
}

/**
 * Divides samples into a rest and a part that has the same share of each class. Both are shuffled, and which
 * samples go where depends on the seed alone.
 */
function takeStratified(
  samples: Samples | (Split & { shape: Shape }),
  wanted: number,
  classes: number,
  seed: number,
  purpose: string,
): [Split, Split] {
  const count = samples.labels.length;
  const share = wanted < 1 ? wanted : wanted / Math.max(1, count);
  if (wanted <= 0) {
    throw new DatasetError(
      `A ${purpose} split of ${String(wanted)} leaves nothing to ${purpose === 'train' ? 'train on' : 'judge by'}. Write a share such as 0.1, or a number of samples.`,
    );
  }
  if (!(share > 0 && share < 1)) {
    throw new DatasetError(
      `A ${purpose} split of ${String(wanted)} out of ${String(count)} samples leaves nothing to train on. Write a share such as 0.1, or a smaller number.`,
    );
  }
  const order = permutation(count, random(seed, 'split', purpose));
  const perClass = new Int32Array(classes);
  for (const label of samples.labels) perClass[label] = (perClass[label] ?? 0) + 1;
  const quota = perClass.map((n) => (n < 2 ? 0 : Math.min(n - 1, Math.max(1, Math.round(n * share)))));
  const part: number[] = [];
  const rest: number[] = [];
  for (const index of order) {
    const label = samples.labels[index] ?? 0;
    const left = quota[label] ?? 0;
    if (left > 0) {
      quota[label] = left - 1;
      part.push(index);
    } else {
      rest.push(index);
    }
  }
  return [pick(samples, rest), pick(samples, part)];
}

function pick(
  { shape, values, labels }: Samples | (Split & { shape: Shape }),
  indices: readonly number[],
): Split {
  const size = shape.reduce((a, b) => a * b, 1);
  const out =
    values instanceof Uint8Array
      ? new Uint8Array(indices.length * size)
      : new Float32Array(indices.length * size);
  indices.forEach((index, i) => out.set(values.subarray(index * size, (index + 1) * size), i * size));
  return {
    size: indices.length,
    values: out,
    labels: Int32Array.from(indices, (index) => labels[index] ?? 0),
  };
}
