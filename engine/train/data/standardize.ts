/** Columns of a table to mean 0 and deviation 1, so that no unit of measurement outweighs the others. */

import type { Column, Normalization, Split } from './dataset.ts';

/** All values of a split together to mean 0 and deviation 1. */
export function standardOf({ values }: Split): Normalization {
  const mean = total(values, (value) => value) / values.length;
  const deviation = Math.sqrt(total(values, (value) => (value - mean) ** 2) / values.length);
  return { scale: 1 / (deviation || 1), offset: mean };
}

function total(values: Split['values'], of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum;
}

/** Of the mean: what float32 cannot tell apart is the same value. */
const LEAST_DEVIATION = 1e-7;

/**
 * In place. Mean and deviation are those of the training samples alone: what is judged by must not have had a part in
 * making the network.
 */
export function standardize(
  names: readonly string[],
  train: Split,
  others: readonly Split[],
): (Column & { readonly constant: boolean })[] {
  const width = names.length;
  return names.map((name, c) => {
    const { values, size } = train;
    let sum = 0;
    let squares = 0;
    for (let r = 0; r < size; r++) sum += values[r * width + c] ?? 0;
    const mean = sum / size;
    for (let r = 0; r < size; r++) squares += ((values[r * width + c] ?? 0) - mean) ** 2;
    const spread = Math.sqrt(squares / size);
    const constant = spread <= LEAST_DEVIATION * Math.abs(mean);
    const deviation = constant ? 1 : spread;
    for (const split of [train, ...others]) {
      for (let r = 0; r < split.size; r++) {
        split.values[r * width + c] = ((split.values[r * width + c] ?? 0) - mean) / deviation;
      }
    }
    return { name, mean, deviation, constant };
  });
}
