/**
 * How fine the quantisation of an activation may be beside those around it, by the rows of the operators: raised where a
 * network has collapsed and a tensor hardly leaves zero.
 */

import { rowOf } from '../operators/catalogue.ts';
import type { WeightBounds } from '../operators/operator.ts';
import type { Network, Op } from '../space/network.ts';

interface TensorBound {
  readonly tensor: number;
  readonly least: number;
}

/** A factor of two away from what the kernels still take, against rounding. */
const MARGIN = 2;

/** @param scale of a tensor */
function scaleBounds(
  op: Op,
  scale: (tensor: number) => number,
  weights: WeightBounds | undefined,
): TensorBound[] {
  return rowOf(op.kind)
    .int8.leastScales(op.inputs.map(scale), scale(op.output), weights, op)
    .map(({ of, least }) => ({
      tensor: of === 'output' ? op.output : (op.inputs[of] ?? op.output),
      least: MARGIN * least,
    }));
}

/** Raises scales, through `raise`, until every operator of the network has what it needs. */
export function raiseScales(
  network: Network,
  scale: (tensor: number) => number,
  weights: (op: Op) => WeightBounds | undefined,
  raise: (bound: TensorBound) => void,
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
