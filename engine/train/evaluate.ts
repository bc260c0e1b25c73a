/** Runs trained (folded) float networks. */

import * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from '../space/trained.ts';
import { batch, type Dataset, type Split, spreadIndices } from './data/dataset.ts';
import { forward, type Runner, shapeOf } from './forward.ts';
import { weightedOf } from './operators/catalogue.ts';
import { activate, activationOf } from './operators/fused.ts';

const EVALUATION_BATCH = 250;

/** Weights of the folded network as tensors, in the layout of tfjs. Call inside `tf.tidy`, or dispose them. */
export function foldedRunner(trained: TrainedNetwork): Runner {
  return {
    toLoss: false,
    dropout: (x) => x,
    weighted(op, x) {
      const numbers = trained.parameters.get(op.index);
      if (numbers === undefined) throw new Error(`${op.name} has no weights.`);
      const w = tf.tensor(numbers.weights, [...numbers.weightShape], 'float32');
      const bias = tf.tensor1d(numbers.bias);
      return activate(tf.add(weightedOf(op).linear(op, x, w, true), bias), activationOf(op));
    },
  };
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
