/** Activations that another operator applies while it writes its output. */

import * as tf from '@tensorflow/tfjs-core';
import type { FusedActivation, OpTemplate } from '../../space/network.ts';

interface Fused {
  readonly apply: (x: tf.Tensor) => tf.Tensor;
  /** Its range, where it is a clamp, and so one of 8-bit values. */
  readonly clamp: readonly [number, number] | undefined;
  /** The operator that 8-bit networks have in its place. */
  readonly alone: OpTemplate | undefined;
}

const clamp = (low: number, high: number, apply: Fused['apply']): Fused => ({
  apply,
  clamp: [low, high],
  alone: undefined,
});

export const fused: Readonly<Record<FusedActivation, Fused>> = {
  none: clamp(-Infinity, Infinity, (x) => x),
  relu: clamp(0, Infinity, (x) => tf.relu(x)),
  relu6: clamp(0, 6, (x) => tf.relu6(x)),
  tanh: { apply: (x) => tf.tanh(x), clamp: undefined, alone: { kind: 'tanh' } },
};

/** Any float tensor. */
export const activate = (x: tf.Tensor, activation: FusedActivation): tf.Tensor => fused[activation].apply(x);

/** None for an operator whose kernels fuse none. */
export const activationOf = (op: OpTemplate): FusedActivation =>
  'activation' in op ? op.activation : 'none';
