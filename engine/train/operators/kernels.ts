/**
 * What training and 8-bit inference know of an operator: its kernels, beside its row in `engine/operators`. The catalogue
 * of this folder has one for each kind that can be trained.
 */

import type * as tf from '@tensorflow/tfjs-core';
import type { FusedActivation, Shape } from '../../space/network.ts';
import { roundAway } from '../int8/fixed-point.ts';
import { fused } from './fused.ts';

/** At least one. */
export type Several<T> = readonly [T, ...T[]];

export interface Scale {
  readonly scale: number;
  readonly zero: number;
}

/** A tensor of the 8-bit interpreter: without batch, row-major. */
export interface Quantized extends Scale {
  readonly data: Int8Array;
  readonly shape: Shape;
}

/** What a run in floats says to its operators. */
export interface Pass {
  /** What it puts out goes to a loss that takes scores, not shares. */
  readonly toLoss: boolean;
  /** Training drops values, inference does nothing. */
  dropout(x: tf.Tensor, rate: number): tf.Tensor;
}

/** Kernels of an operator without weights. */
export interface Kernels<O> {
  /** `[n, ...shape]` of each input to the same of each output; differentiable. */
  forward(op: O, inputs: Several<tf.Tensor>, pass: Pass): readonly tf.Tensor[];
  /** What writes the outputs, bit for bit as TFLite's reference kernels do; all that can be is computed beforehand. */
  int8(op: O, inputs: Several<Quantized>, outputs: Several<Quantized>): () => void;
}

/** The kernels of an operator with one output. */
export const kernels = <O>(
  forward: (op: O, inputs: Several<tf.Tensor>, pass: Pass) => tf.Tensor,
  int8: (op: O, inputs: Several<Quantized>, y: Quantized) => () => void,
): Kernels<O> => ({
  forward: (op, inputs, pass) => [forward(op, inputs, pass)],
  int8: (op, inputs, [y]) => int8(op, inputs, y),
});

/** The 8-bit kernel of what leaves the values as they are. */
export const copied =
  (_: unknown, [x]: Several<Quantized>, y: Quantized) =>
  () =>
    y.data.set(x.data);

export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** The output range that a fused activation leaves. */
export function limits(activation: FusedActivation, { scale, zero }: Scale): Limits {
  const { clamp } = fused[activation];
  if (clamp === undefined)
    throw new Error(
      `An 8-bit operator cannot fuse ${activation}; quantize() makes it an operator of its own.`,
    );
  const at = (real: number) => zero + roundAway(Math.fround(real / scale));
  return { low: Math.max(-128, at(clamp[0])), high: Math.min(127, at(clamp[1])) };
}
