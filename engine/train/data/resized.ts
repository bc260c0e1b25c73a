/** The samples of a dataset in another size, for a network whose input is a choice: see `RESIZING` in `space/trained.ts`. */

import { canResize } from '../../space/index.ts';

export { canResize };
import type { Shape } from '../../space/network.ts';
import { type Dataset, sampleSize, type Split } from './dataset.ts';

/** Bytes of samples in other sizes that are kept for further trials. */
const KEPT_BYTES = 512 * 2 ** 20;

/** Samples of the sizes asked for last; a size is worked out once as long as there is room. */
export class Sizes {
  readonly #dataset: Dataset;
  readonly #known = new Map<string, Dataset>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** The dataset itself where a network takes its samples as they are, or where they cannot be resized. */
  of(shape: Shape): Dataset {
    const dataset = this.#dataset;
    if (sampleSize(dataset) === sampleSize({ shape }) || !canResize(dataset.shape, shape)) return dataset;
    const key = shape.join('x');
    const resized = this.#known.get(key) ?? resizedTo(dataset, shape);
    this.#known.delete(key);
    this.#known.set(key, resized);
    let kept = 0;
    for (const [size, { shape: each }] of [...this.#known].reverse()) {
      kept += bytesOf(dataset, each);
      if (kept > KEPT_BYTES && size !== key) this.#known.delete(size);
    }
    return resized;
  }
}

function bytesOf({ train, validation, test }: Dataset, shape: Shape): number {
  const samples = train.size + validation.size + test.size;
  return samples * sampleSize({ shape }) * train.values.BYTES_PER_ELEMENT;
}

/** A split is resized when it is first read: most trials never look at the test split. */
function resizedTo(dataset: Dataset, shape: Shape): Dataset {
  const known = new Map<Split, Split>();
  const resized = (split: Split): Split => {
    let found = known.get(split);
    if (found === undefined) {
      const values = resizeSamples(split.values, split.size, dataset.shape, shape);
      known.set(split, (found = { ...split, values }));
    }
    return found;
  };
  return {
    ...dataset,
    shape,
    get train() {
      return resized(dataset.train);
    },
    get validation() {
      return resized(dataset.validation);
    },
    get test() {
      return resized(dataset.test);
    },
  };
}

/** Along one axis, for each new place: the two old places it lies between, and how near it is to the second. */
interface Taps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly share: Float64Array;
}

/** `compute_interpolation_weights` with `HalfPixelScaler` in tensorflow/core/kernels/image/resize_bilinear_op.cc. */
function tapsOf(from: number, to: number): Taps {
  const taps = { lower: new Int32Array(to), upper: new Int32Array(to), share: new Float64Array(to) };
  for (let at = 0; at < to; at++) {
    const place = ((at + 0.5) * from) / to - 0.5;
    taps.lower[at] = Math.max(0, Math.floor(place));
    taps.upper[at] = Math.min(from - 1, Math.ceil(place));
    taps.share[at] = place - Math.floor(place);
  }
  return taps;
}

/** `count` pictures one after the other, channels last; bytes stay bytes, rounded to the nearest. */
export function resizeSamples(
  values: Uint8Array | Float32Array,
  count: number,
  [oldHeight = 1, oldWidth = 1, channels = 1]: Shape,
  [height = 1, width = 1]: Shape,
): Uint8Array | Float32Array {
  const isBytes = values instanceof Uint8Array;
  const length = count * height * width * channels;
  const out = isBytes ? new Uint8Array(length) : new Float32Array(length);
  const rows = tapsOf(oldHeight, height);
  const columns = tapsOf(oldWidth, width);
  const at = (picture: number, row: number, column: number): number =>
    ((picture * oldHeight + row) * oldWidth + column) * channels;
  let to = 0;
  for (let picture = 0; picture < count; picture++) {
    for (let row = 0; row < height; row++) {
      const [top = 0, bottom = 0, down = 0] = [rows.lower[row], rows.upper[row], rows.share[row]];
      for (let column = 0; column < width; column++) {
        const left = columns.lower[column] ?? 0;
        const right = columns.upper[column] ?? 0;
        const along = columns.share[column] ?? 0;
        const [topLeft, topRight] = [at(picture, top, left), at(picture, top, right)];
        const [bottomLeft, bottomRight] = [at(picture, bottom, left), at(picture, bottom, right)];
        for (let channel = 0; channel < channels; channel++) {
          const above = mixed(values[topLeft + channel], values[topRight + channel], along);
          const below = mixed(values[bottomLeft + channel], values[bottomRight + channel], along);
          const value = mixed(above, below, down);
          out[to++] = isBytes ? Math.round(value) : value;
        }
      }
    }
  }
  return out;
}

function mixed(first = 0, second = 0, share: number): number {
  return first + (second - first) * share;
}
