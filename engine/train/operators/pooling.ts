/** Pools and reductions over the pixels of an image. */

import * as tf from '@tensorflow/tfjs-core';
import type { OpTemplate } from '../../space/network.ts';
import { clampInt8, multiply, quantizeMultiplier, type FixedMultiplier } from '../int8/fixed-point.ts';
import { activate } from './fused.ts';
import { kernels, limits, type Kernels, type Quantized, type Scale } from './kernels.ts';
import { paddingBefore } from './window.ts';

type Pool = OpTemplate<'average_pool_2d' | 'max_pool_2d'>;
/** From the first to before the last. */
type Span = readonly [number, number];

const pool = (
  float: typeof tf.maxPool,
  reduce: (x: Quantized) => (channel: number, rows: Span, columns: Span) => number,
): Kernels<Pool> =>
  kernels(
    ({ kernel: [kh, kw], stride: [sh, sw], padding, activation }, [x]) =>
      activate(float(x as tf.Tensor4D, [kh, kw], [sh, sw], padding), activation),
    (op, [x], y) => {
      const { kernel, stride } = op;
      const before = paddingBefore(op, [1, 1], x.shape, y.shape);
      const { low, high } = limits(op.activation, y);
      const each = reduce(x);
      const [height = 1, width = 1] = x.shape;
      const [outHeight = 1, outWidth = 1, channels = 1] = y.shape;
      return () => {
        let at = 0;
        for (let oh = 0; oh < outHeight; oh++) {
          const top = oh * stride[0] - before[0];
          const rows = [Math.max(0, top), Math.min(height, top + kernel[0])] as const;
          for (let ow = 0; ow < outWidth; ow++) {
            const left = ow * stride[1] - before[1];
            const columns = [Math.max(0, left), Math.min(width, left + kernel[1])] as const;
            for (let c = 0; c < channels; c++)
              y.data[at++] = Math.min(high, Math.max(low, each(c, rows, columns)));
          }
        }
      };
    },
  );

export const pools = {
  max_pool_2d: pool(tf.maxPool, ({ data, shape: [, width = 1, channels = 1] }) => (c, rows, columns) => {
    let best = -128;
    for (let h = rows[0]; h < rows[1]; h++)
      for (let w = columns[0]; w < columns[1]; w++)
        best = Math.max(best, data[(h * width + w) * channels + c] ?? 0);
    return best;
  }),

  average_pool_2d: pool(tf.avgPool, ({ data, shape: [, width = 1, channels = 1] }) => (c, rows, columns) => {
    let sum = 0;
    for (let h = rows[0]; h < rows[1]; h++)
      for (let w = columns[0]; w < columns[1]; w++) sum += data[(h * width + w) * channels + c] ?? 0;
    const count = (rows[1] - rows[0]) * (columns[1] - columns[0]);
    const half = Math.trunc(count / 2);
    return Math.trunc((sum > 0 ? sum + half : sum - half) / count);
  }),

  mean: kernels<OpTemplate<'mean'>>(
    ({ keepDims }, [x]) => meanOverPixels(x as tf.Tensor4D, keepDims),
    (_, [x], y) => quantizedMean(x, y),
  ),

  reduce_max: kernels<OpTemplate<'reduce_max'>>(
    ({ keepDims }, [x]) => tf.max(x, [1, 2], keepDims),
    (_, [x], y) =>
      () => {
        const channels = y.data.length;
        y.data.fill(-128);
        for (let i = 0; i < x.data.length; i++) {
          const c = i % channels;
          y.data[c] = Math.max(y.data[c] ?? 0, x.data[i] ?? 0);
        }
      },
  ),
};

/** `[n, h, w, c]` -> `[n, c]` or `[n, 1, 1, c]`. As a pooling: tfjs's sum over inner axes transposes the tensor first. */
function meanOverPixels(x: tf.Tensor4D, keepDims: boolean): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const op = tf.customGrad((value, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: tf.reshape(
        tf.avgPool(value as tf.Tensor4D, [h, w], 1, 'valid'),
        keepDims ? [n, 1, 1, c] : [n, c],
      ),
      gradFunc: (dy: tf.Tensor) => tf.mul(tf.reshape(tf.div(dy, h * w), [n, 1, 1, c]), tf.ones([1, h, w, 1])),
    };
  });
  return op(x);
}

/** The multiplier of a mean of so many values takes their number in (`QuantizedMeanOrSum`). */
export function meanFactor(x: Scale, y: Scale, count: number): FixedMultiplier {
  const base = quantizeMultiplier(x.scale / y.scale);
  const bits = Math.min(31 - Math.clz32(count), 32, 31 + base.shift);
  return {
    value: Number((BigInt(base.value) << BigInt(bits)) / BigInt(count)),
    shift: base.shift - bits,
  };
}

/** `[h, w, c] -> [c]` */
function quantizedMean(x: Quantized, y: Quantized): () => void {
  const [height = 1, width = 1, channels = 1] = x.shape;
  const pixels = height * width;
  const factor = meanFactor(x, y, pixels);
  const sums = new Int32Array(channels);
  return () => {
    sums.fill(-x.zero * pixels);
    for (let i = 0; i < x.data.length; i++) {
      const c = i % channels;
      sums[c] = (sums[c] ?? 0) + (x.data[i] ?? 0);
    }
    for (let c = 0; c < channels; c++) y.data[c] = clampInt8(multiply(sums[c] ?? 0, factor) + y.zero);
  };
}
