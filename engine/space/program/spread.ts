/**
 * Operators that stand for many, where a space has too many to look at each: what a layer can come to lies between
 * two of them. Whoever prices one has to bound all that its frames enclose.
 */

import type { LayerOp } from './layer.ts';

/** Operators that differ in nothing but channels. */
export interface SpreadFrame {
  /** With the fewest and the most channels of the input and of the output, in every combination that there is. */
  readonly corners: readonly LayerOp[];
  /** What all numbers of input channels are multiples of, and all numbers of output channels. */
  readonly inputStep: number;
  readonly outputStep: number;
}

export interface Spread {
  /** Which bound the operator stands for. */
  readonly side: 'low' | 'high';
  readonly frames: readonly SpreadFrame[];
}
