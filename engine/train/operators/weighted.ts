/** What operators with weights have in common: their numbers in training, in TFLite's order, and in the compiled kernels. */

import type * as tf from '@tensorflow/tfjs-core';
import type { WeightRule } from '../../operators/operator.ts';
import type { OpTemplate, Shape } from '../../space/network.ts';
import type { Int8Parameters } from '../../space/trained.ts';
import { quantizeMultiplier, type FixedMultiplier } from '../int8/fixed-point.ts';
import type { Int8Memory, MemoryLayout } from '../int8/memory.ts';
import type { Quantized } from './kernels.ts';

/** Operators with weights, and it may be a bias, normalisation behind them and an activation. */
export type WeightedTemplate =
  Extract<OpTemplate, { readonly batchNorm: boolean }> | OpTemplate<'prelu' | 'channel_mul' | 'channel_sub'>;

export const normalizes = (op: WeightedTemplate): boolean => 'batchNorm' in op && op.batchNorm;

/** Whether it adds a constant of its own: `bias off` without normalisation leaves the zeros. */
export const learnsBias = (op: WeightedTemplate): boolean =>
  'bias' in op && (op.bias === 'on' || normalizes(op));

export type Addressed = Quantized & { readonly address: number };

/** Addresses in the memory of the compiled kernels. */
export interface Placed {
  readonly weights: number;
  readonly bias: number;
  readonly multiplier: number;
  readonly shift: number;
  readonly scratch: number;
  /** Window values of one output channel, rounded up for the compiled kernel. */
  readonly stride: number;
}

export interface Weighted<O extends WeightedTemplate> {
  /**
   * What all of them are before training, where they are no sums' factors: such weights are not decayed either. Absent:
   * by the number of inputs.
   */
  readonly initial?: number;
  /** Of the weights in training: as tfjs wants them, output channels innermost. */
  shape(op: O, input: Shape): readonly number[];
  /** Of the same weights in TFLite. */
  folded(shape: readonly number[], outputs: number): readonly number[];
  /** Without bias and activation. @param isFolded whether the weights come in the order of TFLite */
  linear(op: O, x: tf.Tensor, weights: tf.Tensor, isFolded: boolean): tf.Tensor;
  /** One call of a kernel, compiled where it sums, bit for bit as TFLite's. */
  step(
    op: O,
    memory: Int8Memory,
    at: Placed,
    x: Addressed,
    y: Addressed,
    parameters: Int8Parameters,
  ): () => void;
}

export function place(layout: MemoryLayout, { channels }: WeightRule, parameters: Int8Parameters): Placed {
  const outputs = parameters.bias.length;
  const window = parameters.weights.length / outputs;
  const isRow = channels === 'first';
  const stride = isRow ? Math.ceil(window / 8) * 8 : window;
  return {
    weights: layout.reserve(2 * stride * outputs),
    bias: layout.reserve(4 * outputs),
    multiplier: layout.reserve(4 * outputs),
    shift: layout.reserve(4 * outputs),
    scratch: layout.reserve(isRow ? 2 * stride : 4 * outputs),
    stride,
  };
}

/** What the sums of an output channel are multiplied by. */
export function outputFactor(
  perChannel: boolean,
  inputScale: number,
  weightScale: number,
  outputScale: number,
): FixedMultiplier {
  const product = inputScale * weightScale;
  // TFLite multiplies in single precision where one scale is for all, in double where each channel has its own.
  return quantizeMultiplier((perChannel ? product : Math.fround(product)) / outputScale);
}

export function fill(
  { buffer }: Int8Memory,
  { channels, perChannel }: WeightRule,
  at: Placed,
  { weights, bias, weightQuantization: { scale } }: Int8Parameters,
  inputScale: number,
  outputScale: number,
): void {
  const outputs = bias.length;
  const window = weights.length / outputs;
  const wide = new Int16Array(buffer, at.weights, at.stride * outputs);
  if (channels === 'last') wide.set(weights);
  else
    for (let o = 0; o < outputs; o++) wide.set(weights.subarray(o * window, (o + 1) * window), o * at.stride);
  new Int32Array(buffer, at.bias, outputs).set(bias);
  const values = new Int32Array(buffer, at.multiplier, outputs);
  const shifts = new Int32Array(buffer, at.shift, outputs);
  for (let o = 0; o < outputs; o++) {
    const factor = outputFactor(perChannel, inputScale, scale[perChannel ? o : 0] ?? 0, outputScale);
    values[o] = factor.value;
    shifts[o] = factor.shift;
  }
}
