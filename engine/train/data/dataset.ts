/** A dataset in memory, split and ready to be drawn from in batches. */

import type { Shape } from '../../space/network.ts';

/** Samples one after the other, each of `shape` of its dataset, row-major, channels last. */
export interface Split {
  readonly size: number;
  readonly values: Uint8Array | Float32Array;
  /** Class indices. */
  readonly labels: Int32Array;
}

/** `real = (value - offset) * scale`: what the network sees of a stored value. */
export interface Normalization {
  readonly scale: number;
  readonly offset: number;
}

/** Mean and standard deviation by which a column was standardised; the device has to do the same. */
export interface Column {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

export interface Dataset {
  readonly name: string;
  /** `[height, width, channels]`, or `[features]` of a table. */
  readonly shape: Shape;
  readonly classes: number;
  readonly classNames: readonly string[];
  /** Of a table, in the order of the input's values; absent where all values share `normalization`. */
  readonly columns?: readonly Column[] | undefined;
  /** Exact in int8 when the values are bytes: the input's scale is `scale`, its zero point `offset - 128`. */
  readonly normalization: Normalization;
  readonly train: Split;
  readonly validation: Split;
  /** Not looked at while searching. */
  readonly test: Split;
  /** Whether a mirrored image is as likely as the original, so that training may mirror. */
  readonly mirror: boolean;
  /** Training moves each image by up to so many pixels in each direction; 0 or absent leaves it where it is. */
  readonly shift?: number;
  /** Images used to calibrate quantisation, as the settings ask or {@link DEFAULT_CALIBRATION}. */
  readonly calibrate: number;
  /** Where it comes from and under which licence; one sentence for the report. */
  readonly source: string;
  readonly license: string;
  /** Bytes and labels decide a result: part of what makes a run reproducible. SHA-256 of the stored values. */
  readonly fingerprint: string;
}

export const DEFAULT_CALIBRATION = 256;

/** A dataset that cannot be opened: the message says where, why and what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

export function sampleSize(dataset: Pick<Dataset, 'shape'>): number {
  return dataset.shape.reduce((a, b) => a * b, 1);
}

/** Normalised samples, `[indices.length, ...shape]`, written to `out` or a new array. */
export function batch(
  dataset: Pick<Dataset, 'shape' | 'normalization'>,
  split: Split,
  indices: ArrayLike<number>,
  out = new Float32Array(indices.length * sampleSize(dataset)),
): Float32Array {
  const size = sampleSize(dataset);
  const { scale, offset } = dataset.normalization;
  const { values } = split;
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] ?? 0) * size;
    const to = i * size;
    for (let j = 0; j < size; j++) out[to + j] = ((values[from + j] ?? 0) - offset) * scale;
  }
  return out;
}

/** `count` indices spread evenly over a split, all of them when it is smaller. */
export function spreadIndices(split: Split, count: number): Int32Array {
  const n = Math.min(count, split.size);
  return Int32Array.from({ length: n }, (_, i) => Math.floor((i * split.size) / n));
}
