/** What follows the sums of weights in training, and the loss: faster than, or absent from, tfjs. */

import * as tf from '@tensorflow/tfjs-core';
import type { FusedActivation } from '../space/network.ts';
import { nativeKernels } from './kernels/gradients.ts';
import type { NativeKernels } from './kernels/native.ts';
import { fused } from './operators/fused.ts';

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
  const { apply, clamp } = fused[activation];
  if (clamp === undefined) return apply(normalizeBatch(x, gamma, beta, 'none', onStatistics));
  const kernels = nativeKernels();
  if (kernels !== undefined) return normalizeNatively(kernels, x, gamma, beta, clamp, onStatistics);
  const { mean, variance } = tf.moments(x, [...x.shape.keys()].slice(0, -1));
  onStatistics(mean.dataSync<'float32'>(), variance.dataSync<'float32'>());
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
  return apply(tf.add(tf.mul(tf.sub(x, mean), scale), beta));
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
