/** Columns of a table to mean 0 and deviation 1, so that no unit of measurement outweighs the others. */

import type { Split } from './dataset.ts';

/** Mean and standard deviation by which a column was standardised; the device has to do the same. */
export interface Column {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** Deviations below this are a constant column. */
const LEAST_DEVIATION = 1e-9;

/**
 * In place. Mean and deviation are those of the training samples alone: what is judged by must not have had a part in
 * making the network.
 */
export function standardize(names: readonly string[], train: Split, others: readonly Split[]): Column[] {
  const width = names.length;
  return names.map((name, c) => {
    const { values, size } = train;
    let sum = 0;
    let squares = 0;
    for (let r = 0; r < size; r++) sum += values[r * width + c] ?? 0;
    const mean = sum / size;
    for (let r = 0; r < size; r++) squares += ((values[r * width + c] ?? 0) - mean) ** 2;
    const spread = Math.sqrt(squares / size);
    const deviation = spread < LEAST_DEVIATION ? 1 : spread;
    for (const split of [train, ...others]) {
      for (let r = 0; r < split.size; r++) {
        split.values[r * width + c] = ((split.values[r * width + c] ?? 0) - mean) / deviation;
      }
    }
    return { name, mean, deviation };
  });
}

/** What stands in the report, for who feeds the device. */
export function describeColumns(columns: readonly Column[]): string {
  const each = columns.map(
    ({ name, mean, deviation }) => `${name} (${mean.toPrecision(6)}, ${deviation.toPrecision(6)})`,
  );
  return `columns standardised by (mean, deviation): ${each.join(', ')}`;
}
