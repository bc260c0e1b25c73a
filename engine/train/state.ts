/** The numbers of a network in training, as plain arrays: made from a seed, kept in a checkpoint, folded at the end. */

import { atInference } from '../space/inference.ts';
import { elementsOf, type Network, type Op } from '../space/network.ts';
import type { FloatParameters, TrainedNetwork } from '../space/trained.ts';
import { shapeOf } from './forward.ts';
import { BATCH_NORM_EPSILON } from './layers.ts';
import { isWeighted, storedWeights, weightedOf, type WeightedOp } from './operators/catalogue.ts';
import { normalizes } from './operators/weighted.ts';
import { random } from './random.ts';

/** Weights of one operator in the layout of tfjs: `[kh, kw, in / groups, out]`, `[kh, kw, in, multiplier]`, `[in, units]`, else as in a file. */
export interface OpState {
  readonly shape: readonly number[];
  weights: Float32Array;
  /** Bias, or the offset (beta) of the normalisation. */
  bias: Float32Array;
  /** Only with batch normalisation. */
  readonly norm: { gamma: Float32Array; mean: Float32Array; variance: Float32Array } | undefined;
}

/** Everything that continues a training exactly: structured-clonable. */
export interface Checkpoint {
  readonly state: ReadonlyMap<number, OpState>;
  /** First and second moments by variable name; empty for a warm start with a fresh optimiser. */
  readonly moments: ReadonlyMap<string, readonly [Float32Array, Float32Array]>;
  readonly epoch: number;
  readonly step: number;
}

/** He's initialisation: normal with variance 2 / inputs that feed one output (https://arxiv.org/abs/1502.01852). */
export function initialState(network: Network, seed: number): Map<number, OpState> {
  const state = new Map<number, OpState>();
  for (const op of network.ops) {
    if (!isWeighted(op)) continue;
    const kernel = weightedOf(op);
    const shape = kernel.shape(op, shapeOf(network, op.inputs[0] ?? -1));
    const size = elementsOf(shape);
    const outputs = shapeOf(network, op.output).at(-1) ?? 1;
    const source = random(seed, 'weights', op.index);
    const deviation = Math.sqrt(2 / (size / outputs));
    state.set(op.index, {
      shape,
      weights: Float32Array.from({ length: size }, () => kernel.initial ?? source.normal() * deviation),
      bias: new Float32Array(outputs),
      norm: normalizes(op)
        ? {
            gamma: new Float32Array(outputs).fill(1),
            mean: new Float32Array(outputs),
            variance: new Float32Array(outputs).fill(1),
          }
        : undefined,
    });
  }
  return state;
}

/**
 * The trained network: normalisation folded into weights and bias, weights in the order of TFLite, operators that
 * only training needs (dropout) removed.
 */
export function fold(network: Network, state: ReadonlyMap<number, OpState>): TrainedNetwork {
  const inference = atInference(network);
  const parameters = new Map<number, FloatParameters>();
  for (const [index, op] of inference.ops.entries()) {
    const numbers = state.get(op.index);
    if (numbers !== undefined && isWeighted(op)) parameters.set(index, foldOp(op, numbers));
  }
  const ops = inference.ops.map((op, index): Op => ({ ...op, index }));
  return { network: { ...inference, ops }, parameters };
}

function foldOp(op: WeightedOp, { shape, weights, bias, norm }: OpState): FloatParameters {
  const outputs = bias.length;
  const factor = new Float32Array(outputs).fill(1);
  const offset = Float32Array.from(bias);
  if (norm !== undefined) {
    for (let o = 0; o < outputs; o++) {
      const f = (norm.gamma[o] ?? 1) / Math.sqrt((norm.variance[o] ?? 1) + BATCH_NORM_EPSILON);
      factor[o] = f;
      offset[o] = (bias[o] ?? 0) - (norm.mean[o] ?? 0) * f;
    }
  }
  const isInnermost = storedWeights(op).channels === 'last';
  const rest = weights.length / outputs;
  const out = new Float32Array(weights.length);
  for (let i = 0; i < rest; i++)
    for (let o = 0; o < outputs; o++)
      out[isInnermost ? i * outputs + o : o * rest + i] = (weights[i * outputs + o] ?? 0) * (factor[o] ?? 1);
  return { weights: out, weightShape: weightedOf(op).folded(shape, outputs), bias: offset };
}
