/**
 * Weights as the kernels take them: one layout for all cores, of the size that a `.tflite` has but for rows that are filled
 * up to a multiple of 4 bytes.
 */

import type { Channel } from './call.ts';

/** A convolution or fully connected layer in TFLite's numbers, `[outputs][values of a window]`. */
export interface Sums {
  readonly weights: Int8Array;
  readonly bias: Int32Array;
  /** One, or one for each output. */
  readonly multipliers: readonly number[];
  readonly shifts: readonly number[];
  /** Zero point of the input. */
  readonly inputZero: number;
  /** The axis of the outputs: `first` for `[outputs][window]`, `last` for `[window][outputs]`. */
  readonly channels: 'first' | 'last';
}

export interface PackedSums {
  readonly weights: Int8Array;
  /** By output. */
  readonly channels: readonly Channel[];
}

/** Up to which shift, and below which sum, the short way of requantising is exact: see `nas_channel`. */
const MOST_RIGHT = 22;
const LEAST_SUM_BEYOND = 2 ** 29;

/** The right shift of the short way for a sum that is at most so great; 0 where it is not exact. */
export const rightOf = (shift: number, greatest: number): number =>
  shift <= -1 && shift >= -MOST_RIGHT && greatest < LEAST_SUM_BEYOND ? -shift : 0;

/**
 * The bias takes in what the zero point of the input adds to every sum, so that kernels multiply values as they are. That
 * wraps around as the 32-bit sums of the kernels do.
 */
export function packSums({ weights, bias, multipliers, shifts, inputZero, channels }: Sums): PackedSums {
  const outputs = bias.length;
  const window = weights.length / outputs;
  const at = (o: number, k: number): number =>
    weights[channels === 'first' ? o * window + k : k * outputs + o] ?? 0;
  const sums = Array.from(bias, (start, o) => {
    let sum = 0;
    let absolute = 0;
    for (let k = 0; k < window; k++) {
      sum += at(o, k);
      absolute += Math.abs(at(o, k));
    }
    // Values are at most 255 away from a zero point.
    return { folded: (start - inputZero * sum) | 0, greatest: Math.abs(start) + 255 * absolute };
  });
  const isOne = shifts.length === 1;
  const all = sums.reduce((most, { greatest }) => Math.max(most, greatest), 0);
  const made = sums.map(({ folded, greatest }, o) => {
    const shift = shifts[isOne ? 0 : o] ?? 0;
    const multiplier = multipliers[isOne ? 0 : o] ?? 0;
    return { bias: folded, multiplier, shift, right: rightOf(shift, isOne ? all : greatest) };
  });
  return { weights: channels === 'first' ? filledUp(weights, window) : weights, channels: made };
}

/** Rows of a multiple of 4 values, zeros behind. */
function filledUp(weights: Int8Array, window: number): Int8Array {
  const length = Math.ceil(window / 4) * 4;
  if (length === window) return weights;
  const rows = weights.length / window;
  const filled = new Int8Array(rows * length);
  for (let row = 0; row < rows; row++)
    filled.set(weights.subarray(row * window, (row + 1) * window), row * length);
  return filled;
}
