/** Runs trained (folded) float networks. */

import * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from '../space/trained.ts';
import { batch, type Dataset, type Split, spreadIndices } from './data/dataset.ts';
import { forward, type Runner, shapeOf, type WeightedOp } from './forward.ts';
import { activate, convolve } from './layers.ts';

const EVALUATION_BATCH = 250;

/** Weights of the folded network as tensors, in the layout of tfjs. Call inside `tf.tidy`, or dispose them. */
export function foldedRunner(trained: TrainedNetwork): Runner {
  return {
    logits: false,
    dropout: (x) => x,
    weighted(op, x) {
      const numbers = trained.parameters.get(op.index);
      if (numbers === undefined) throw new Error(`${op.name} has no weights.`);
      const w = tf.tensor(numbers.weights, [...numbers.weightShape], 'float32');
      const bias = tf.tensor1d(numbers.bias);
      return activate(tf.add(linear(op, x, w), bias), op.activation);
    },
  };
}

/** The operator without bias, for weights in the order of TFLite. */
function linear(op: WeightedOp, x: tf.Tensor, w: tf.Tensor): tf.Tensor {
  switch (op.kind) {
    case 'fully_connected':
      return tf.matMul(tf.reshape(x, [x.shape[0], -1]), w, false, true);
    case 'conv_2d':
      return groupedConvolution(op, x as tf.Tensor4D, toFilter(w));
    case 'depthwise_conv_2d': {
      const [, kh = 1, kw = 1, outputs = 1] = w.shape;
      const filter: tf.Tensor4D = tf.reshape(w, [kh, kw, outputs / op.depthMultiplier, op.depthMultiplier]);
      return convolve(x as tf.Tensor4D, filter, op, true);
    }
  }
}

/** `[out, kh, kw, in]` -> `[kh, kw, in, out]`. */
function toFilter(weights: tf.Tensor): tf.Tensor4D {
  const [out = 1, kh = 1, kw = 1, c = 1] = weights.shape;
  return tf.reshape(tf.transpose(weights, [1, 2, 3, 0]), [kh, kw, c, out]);
}

/** `filter` is `[kh, kw, in / groups, out]`; tfjs has no groups of its own. */
export function groupedConvolution(
  op: Extract<WeightedOp, { kind: 'conv_2d' }>,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
): tf.Tensor {
  if (op.groups === 1) return convolve(x, filter, op, false);
  const inputs: tf.Tensor4D[] = tf.split(x, op.groups, 3);
  const filters: tf.Tensor4D[] = tf.split(filter, op.groups, 3);
  return tf.concat(
    inputs.map((part, g) => convolve(part, filters[g] ?? filter, op, false)),
    3,
  );
}

/** Outputs `[samples, classes]` for normalised `values` `[samples, ...input shape]`. */
export function runFloat(trained: TrainedNetwork, values: Float32Array, samples: number): Float32Array {
  const shape = shapeOf(trained.network, trained.network.inputs[0] ?? -1);
  return tf.tidy(() =>
    forward(
      trained.network,
      tf.tensor(values, [samples, ...shape], 'float32'),
      foldedRunner(trained),
    ).dataSync<'float32'>(),
  );
}

/** Share of a split that the float network classifies correctly. */
export function evaluateFloat(
  trained: TrainedNetwork,
  dataset: Dataset,
  split: Split,
  limit = split.size,
): number {
  const chosen = spreadIndices(split, limit);
  let correct = 0;
  for (let start = 0; start < chosen.length; start += EVALUATION_BATCH) {
    const indices = chosen.subarray(start, start + EVALUATION_BATCH);
    const outputs = runFloat(trained, batch(dataset, split, indices), indices.length);
    indices.forEach((index, row) => {
      if (argMax(outputs, row * dataset.classes, dataset.classes) === split.labels[index]) correct++;
    });
  }
  return correct / Math.max(1, chosen.length);
}

/** Position of the first greatest of `length` values from `start`. */
export function argMax(values: ArrayLike<number>, start: number, length: number): number {
  let best = 0;
  for (let i = 1; i < length; i++) if ((values[start + i] ?? 0) > (values[start + best] ?? 0)) best = i;
  return best;
}
