/**
 * How fine the quantisation of an activation may be beside those around it. The 8-bit kernels of TensorFlow Lite and of
 * TensorFlow Lite Micro refuse a model, or end the process, where a multiplier leaves the range that they count with; that
 * happens where a network has collapsed and a tensor hardly leaves zero.
 */

import type { Network, Op } from '../space/network.ts';

export interface ScaleBound {
  readonly tensor: number;
  readonly least: number;
}

/** A factor of two away from what the kernels still take, against rounding. */
const MARGIN = 2;

/** What the kernels of an operator with weights count with. */
export interface WeightBounds {
  /** Greatest scale of its weights. */
  readonly scale: number;
  /** No sum of its products and its bias is greater, before the activation. */
  readonly greatestSum: number;
}

/** @param scale of a tensor */
export function scaleBounds(
  op: Op,
  scale: (tensor: number) => number,
  weights: WeightBounds | undefined,
): ScaleBound[] {
  const inputs = op.inputs.map(scale);
  const greatest = Math.max(0, ...inputs);
  const bound = (tensor: number, least: number): ScaleBound[] => [{ tensor, least: MARGIN * least }];
  switch (op.kind) {
    case 'add':
    case 'sub':
      // QuantizeMultiplierSmallerThanOneExp of 2 max(inputs) / (2^20 output) (kernels/add.cc, left_shift 20).
      return bound(op.output, greatest * 2 ** -19);
    case 'hard_swish':
      // `output_multiplier_exponent <= 0` for input / (128 output) (kernels/activations.cc, HardSwishPrepare). Below
      // 2^-16 that multiplier is a shift by more bits than the 16 of its operand, which gives something else than 0.
      return [
        ...bound(op.output, greatest / 128),
        ...op.inputs.flatMap((tensor) => bound(tensor, scale(op.output) * 2 ** -9)),
      ];
    case 'softmax':
      // QuantizeMultiplierGreaterThanOne of 2^26 input (PreprocessSoftmaxScaling with 5 integer bits).
      return op.inputs.flatMap((tensor) => bound(tensor, 2 ** -26));
    case 'conv_2d':
    case 'depthwise_conv_2d':
    case 'fully_connected':
      if (weights === undefined) return [];
      return [
        // The scale of the bias, a float, may miss input x weight by 2 % of the output (kernel_util.cc).
        ...bound(op.output, greatest * weights.scale * 2 ** -18),
        // Sums are shifted left to steps of the output within 32 bits, also where an activation will cut them off.
        ...bound(op.output, weights.greatestSum * 2 ** -30),
      ];
    default:
      return [];
  }
}

/** Raises scales, through `raise`, until every operator of the network has what it needs. */
export function raiseScales(
  network: Network,
  scale: (tensor: number) => number,
  weights: (op: Op) => WeightBounds | undefined,
  raise: (bound: ScaleBound) => void,
): void {
  // Each need is far below the scale that it follows from, so that a few rounds suffice; as many as operators always do.
  for (let round = 0; round <= network.ops.length; round++) {
    const unmet = network.ops.flatMap((op) =>
      scaleBounds(op, scale, weights(op)).filter(({ tensor, least }) => scale(tensor) < least),
    );
    if (unmet.length === 0) return;
    for (const bound of unmet) raise(bound);
  }
}
