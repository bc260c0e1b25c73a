/** Quantiles, and intervals as the profiles write them. */

import { quantileRank } from '../conformal.ts';

/** Half-width on the log scale that holds `share` of new residuals: a quantile of |ln(predicted / measured)|. */
export function conformalHalfWidth(ratios: readonly number[], share = 0.9): number {
  return quantileRank(
    ratios.map((ratio) => Math.abs(Math.log(ratio))),
    share,
  );
}

/**
 * Whether each prediction of a board left out lies in the interval that the other boards left out give; `undefined` where
 * there is no other.
 */
export function heldByOtherBoards(
  predictions: readonly { readonly board: string; readonly ratio: number }[],
): (boolean | undefined)[] {
  const widths = new Map<string, number | undefined>();
  for (const { board } of predictions) {
    if (widths.has(board)) continue;
    const others = predictions.filter((entry) => entry.board !== board).map(({ ratio }) => ratio);
    widths.set(board, others.length === 0 ? undefined : conformalHalfWidth(others));
  }
  return predictions.map(({ board, ratio }) => {
    const width = widths.get(board);
    return width === undefined ? undefined : Math.abs(Math.log(ratio)) <= width;
  });
}

export function intervalOf(halfWidth: number): { low: number; high: number } {
  return { low: round(Math.exp(-halfWidth)), high: round(Math.exp(halfWidth)) };
}

export function round(value: number, digits = 4): number {
  return Number(value.toPrecision(digits));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Share of the errors that are at most a tenth. */
export const withinTenPercent = (errors: readonly number[]): number =>
  errors.filter((error) => error <= 0.1).length / errors.length;

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
