/** Differentiable operators that tfjs lacks, or computes more slowly than training can afford. */

import * as tf from '@tensorflow/tfjs-core';
import type { FusedActivation, Pair } from '../space/network.ts';
import {
  convFilterGrad,
  convInputGrad,
  depthwiseFilterGrad,
  depthwiseInputGrad,
  nativeKernels,
} from './kernels/gradients.ts';
import type { NativeKernels } from './kernels/native.ts';

export interface Window {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: 'same' | 'valid';
}

const undilated = ({ dilation: [h, w] }: Window): boolean => h === 1 && w === 1;
const pair = ([h, w]: Pair): [number, number] => [h, w];

/**
 * 2-D convolution, `[n, h, w, c]` by `[kh, kw, c, k]`, or depthwise by `[kh, kw, c, multiplier]`. tfjs refuses to
 * differentiate dilated ones.
 */
export function convolve(
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  window: Window,
  depthwise: boolean,
): tf.Tensor4D {
  const { x, padding } = padExplicitly(input, filter, window);
  const stride = pair(window.stride);
  const dilation = pair(window.dilation);
  const run = (a: tf.Tensor4D, f: tf.Tensor4D): tf.Tensor4D => {
    const inputs = { x: a, filter: f };
    const attributes = {
      strides: stride,
      pad: padding,
      dilations: dilation,
      dataFormat: 'NHWC',
    };
    return tf.engine().runKernel(depthwise ? 'DepthwiseConv2dNative' : 'Conv2D', inputs, attributes);
  };
  if (undilated(window)) return run(x, filter);
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filter.shape,
    stride,
    dilation,
    padding,
    undefined,
    depthwise,
  );
  const op = tf.customGrad((a, f, save) => {
    const input = a as tf.Tensor4D;
    const weights = f as tf.Tensor4D;
    (save as tf.GradSaveFunc)([input, weights]);
    return {
      value: run(input, weights),
      gradFunc: (g: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedInput, savedWeights] = saved as [tf.Tensor4D, tf.Tensor4D];
        const dy = g as tf.Tensor4D;
        return depthwise
          ? [depthwiseInputGrad(dy, savedWeights, info), depthwiseFilterGrad(savedInput, dy, info)]
          : [convInputGrad(dy, savedWeights, info), convFilterGrad(savedInput, dy, info)];
      },
    };
  });
  return op(x, filter);
}

/**
 * Padding `same` as explicit zeros and `valid`, where a stride beyond the window leaves pixels at the end that no window
 * reaches: there tfjs's WebAssembly kernels compute something else (their padding comes out below zero).
 */
function padExplicitly(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, dilation, padding }: Window,
): { x: tf.Tensor4D; padding: 'same' | 'valid' } {
  if (padding === 'valid') return { x, padding };
  const missing = ([0, 1] as const).map((axis) => {
    const size = x.shape[axis === 0 ? 1 : 2];
    const last = (Math.ceil(size / stride[axis]) - 1) * stride[axis];
    return last + (filter.shape[axis] - 1) * dilation[axis] + 1 - size;
  });
  if (missing.every((pixels) => pixels >= 0)) return { x, padding };
  const [rows, columns] = missing.map((pixels): [number, number] => {
    const all = Math.max(0, pixels);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  }) as [[number, number], [number, number]];
  const none = rows[1] === 0 && columns[1] === 0;
  return { x: none ? x : tf.pad4d(x, [[0, 0], rows, columns, [0, 0]]), padding: 'valid' };
}

/** Range of the output of an activation that is a clamp. */
const clampOf: Readonly<Record<'none' | 'relu' | 'relu6', readonly [number, number]>> = {
  none: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

export const BATCH_NORM_EPSILON = 1e-3;

const FLOAT = 4;
const DOUBLE = 8;

/**
 * Batch normalisation over all axes but the last, then the activation. `onStatistics` gets mean and biased
 * variance of the batch, `[c]` each.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  activation: FusedActivation,
  onStatistics: (mean: Float32Array, variance: Float32Array) => void,
): tf.Tensor {
  if (activation === 'tanh') return tf.tanh(normalizeBatch(x, gamma, beta, 'none', onStatistics));
  const kernels = nativeKernels();
  if (kernels !== undefined)
    return normalizeNatively(kernels, x, gamma, beta, clampOf[activation], onStatistics);
  const { mean, variance } = tf.moments(x, [...x.shape.keys()].slice(0, -1));
  onStatistics(mean.dataSync<'float32'>(), variance.dataSync<'float32'>());
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
  return activate(tf.add(tf.mul(tf.sub(x, mean), scale), beta), activation);
}

function normalizeNatively(
  kernels: NativeKernels,
  input: tf.Tensor,
  factor: tf.Tensor,
  offset: tf.Tensor,
  [low, high]: readonly [number, number],
  onStatistics: (mean: Float32Array, variance: Float32Array) => void,
): tf.Tensor {
  const channels = input.shape.at(-1) ?? 1;
  const rows = input.size / channels;
  const make = (shape: number[]): tf.Tensor =>
    tf.engine().makeTensorFromTensorInfo(kernels.backend.makeOutput(shape, 'float32'));
  const op = tf.customGrad((x, gamma, beta, save) => {
    const y = make(input.shape);
    const mean = make([channels]);
    const variance = make([channels]);
    kernels.call.batch_norm(
      ...[x as tf.Tensor, gamma as tf.Tensor, beta as tf.Tensor, y, mean, variance].map((t) =>
        kernels.address(t),
      ),
      kernels.scratch(2 * channels * DOUBLE),
      rows,
      channels,
      BATCH_NORM_EPSILON,
      low,
      high,
    );
    onStatistics(mean.dataSync<'float32'>(), variance.dataSync<'float32'>());
    (save as tf.GradSaveFunc)([x as tf.Tensor, y, gamma as tf.Tensor, mean, variance]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const outputs = [make(input.shape), make([channels]), make([channels])];
        const [sx, sy, sgamma, smean, svariance] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        kernels.call.batch_norm_grad(
          ...[dy, sx, sy, sgamma, smean, svariance, ...outputs].map((t) => kernels.address(t)),
          kernels.scratch(2 * channels * DOUBLE + 4 * channels * FLOAT),
          rows,
          channels,
          BATCH_NORM_EPSILON,
          low,
          high,
        );
        return outputs;
      },
    };
  });
  return op(input, factor, offset);
}

/** The fused activations, for any float tensor. */
export function activate(x: tf.Tensor, activation: FusedActivation): tf.Tensor {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'tanh':
      return tf.tanh(x);
  }
}

/** `x * relu6(x + 3) / 6` (Howard et al. 2019, https://arxiv.org/abs/1905.02244). */
export function hardSwish(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6));
}

/** Mean cross entropy of logits `[n, classes]` against target distributions `[n, classes]`. */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const op = tf.customGrad((x, save) => {
    const probabilities = tf.softmax(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([probabilities, targets]);
    const rows = logits.shape[0];
    const value = tf.div(tf.neg(tf.sum(tf.mul(targets, tf.log(tf.add(probabilities, 1e-12))))), rows);
    return {
      value: value as tf.Scalar,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.sub(saved[0] as tf.Tensor, saved[1] as tf.Tensor), tf.div(dy, rows)),
    };
  });
  return op(logits);
}
