/** Operators that change the shape and learn nothing. */

import * as tf from '@tensorflow/tfjs-core';
import type { OpTemplate } from '../../space/network.ts';
import { copied, kernels, type Quantized } from './kernels.ts';

export const reshapes = {
  reshape: kernels<OpTemplate<'reshape'>>(({ shape }, [x]) => tf.reshape(x, [x.shape[0], ...shape]), copied),

  pad: kernels<OpTemplate<'pad'>>(
    ({ before, after, channels }, [x]) =>
      tf.pad(x, [
        [0, 0],
        [before[0], after[0]],
        [before[1], after[1]],
        [0, channels],
      ]),
    ({ before, channels: added }, [x], y) => {
      const [, width = 1, channels = 1] = x.shape;
      const outWidth = y.shape[1] ?? 1;
      // Rows as they are, or pixels, between which the added channels stand.
      const run = added === 0 ? width * channels : channels;
      return () => {
        y.data.fill(y.zero);
        for (let from = 0; from < x.data.length; from += run) {
          const pixel = from / channels;
          const row = Math.floor(pixel / width) + before[0];
          const column = (pixel % width) + before[1];
          y.data.set(x.data.subarray(from, from + run), (row * outWidth + column) * (channels + added));
        }
      };
    },
  ),

  resize_nearest_neighbor: kernels<OpTemplate<'resize_nearest_neighbor'>>(
    ({ size: [height, width] }, [x]) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width]),
    (_, [x], y) =>
      () =>
        resizeNearest(x, y),
  ),

  resize_bilinear: kernels<OpTemplate<'resize_bilinear'>>(
    ({ size: [height, width] }, [x]) => tf.image.resizeBilinear(x as tf.Tensor4D, [height, width]),
    (_, [x], y) =>
      () =>
        interpolate(x, y),
  ),
};

/** Which row or column of the input one of the output is: neither aligned corners nor half pixel centres. */
export const nearest = (i: number, size: number, outSize: number): number =>
  Math.min(size - 1, Math.floor(Math.fround(i * Math.fround(size / outSize))));

function resizeNearest(x: Quantized, y: Quantized): void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  for (let h = 0; h < outHeight; h++)
    for (let w = 0; w < outWidth; w++) {
      const from = (nearest(h, height, outHeight) * width + nearest(w, width, outWidth)) * channels;
      y.data.set(x.data.subarray(from, from + channels), (h * outWidth + w) * channels);
    }
}

/** Fraction bits of an interpolated coordinate (`ResizeBilinearInteger`). */
const COORDINATE_ONE = 1 << 10;

/** The two rows or columns of the input between which one of the output lies. */
export interface Between {
  readonly low: number;
  readonly high: number;
  /** How far it is from the lower one, in 1024ths. */
  readonly fraction: number;
}

/** Neither aligned corners nor half pixel centres. */
export function between(i: number, size: number, outSize: number): Between {
  const at = i * Math.trunc((COORDINATE_ONE * size + Math.trunc(outSize / 2)) / outSize);
  const low = Math.max(0, Math.trunc(at / COORDINATE_ONE));
  const high = Math.min(Math.trunc((at + COORDINATE_ONE - 1) / COORDINATE_ONE), size - 1);
  return { low, high, fraction: at - COORDINATE_ONE * low };
}

function interpolate(x: Quantized, y: Quantized): void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  let to = 0;
  for (let h = 0; h < outHeight; h++) {
    const v = between(h, height, outHeight);
    for (let w = 0; w < outWidth; w++) {
      const u = between(w, width, outWidth);
      const below = v.fraction;
      const right = u.fraction;
      for (let c = 0; c < channels; c++) {
        const value = (row: number, column: number) => x.data[(row * width + column) * channels + c] ?? 0;
        const sum =
          value(v.low, u.low) * (COORDINATE_ONE - below) * (COORDINATE_ONE - right) +
          value(v.high, u.low) * below * (COORDINATE_ONE - right) +
          value(v.low, u.high) * (COORDINATE_ONE - below) * right +
          value(v.high, u.high) * below * right;
        y.data[to++] = Math.trunc((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / 2 ** 20);
      }
    }
  }
}
