/** Activations of one 8-bit input as tables of 256 entries, by input + 128. */

import type { Op } from '../../space/network.ts';
import { clampInt8, hardSwishTable, multiply, quantizeMultiplier, roundAway } from './fixed-point.ts';

export interface Scale {
  readonly scale: number;
  readonly zero: number;
}

const table = (entry: (q: number) => number): Int8Array =>
  Int8Array.from({ length: 256 }, (_, i) => clampInt8(entry(i - 128)));

/** From one quantisation to another (`Requantize`, also what RELU does before it clamps). */
function rescale(x: Scale, y: Scale): (q: number) => number {
  const factor = quantizeMultiplier(x.scale / y.scale);
  return (q) => multiply(q - x.zero, factor) + y.zero;
}

/** By the function's value in floating point (`LUTPopulate`). */
function byValue(x: Scale, y: Scale, f: (real: number) => number): Int8Array {
  return table((q) => roundAway(Math.fround(f(Math.fround(x.scale * (q - x.zero)))) / y.scale) + y.zero);
}

/** The table of an operator that maps values one by one, `undefined` for all others. */
export function activationTable(op: Op, x: Scale, y: Scale): Int8Array | undefined {
  switch (op.kind) {
    case 'relu': {
      const f = rescale(x, y);
      return table((q) => Math.max(y.zero, f(q)));
    }
    case 'relu6': {
      const f = rescale(x, y);
      const six = Math.min(127, y.zero + roundAway(Math.fround(6 / y.scale)));
      return table((q) => Math.min(six, Math.max(y.zero, f(q))));
    }
    case 'leaky_relu': {
      const positive = rescale(x, y);
      const slope = Math.fround(op.parameter ?? 0.2);
      const negative = quantizeMultiplier(Math.fround(Math.fround(x.scale * slope) / y.scale));
      return table((q) => (q >= x.zero ? positive(q) : multiply(q - x.zero, negative) + y.zero));
    }
    case 'hard_swish':
      return hardSwishTable(x.scale, x.zero, y.scale, y.zero);
    case 'logistic':
      return byValue(x, y, (v) => 1 / (1 + Math.exp(-v)));
    case 'tanh':
      return byValue(x, y, Math.tanh);
    case 'quantize':
      return table(rescale(x, y));
    default:
      return undefined;
  }
}
