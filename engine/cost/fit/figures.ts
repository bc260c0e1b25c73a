/** How far predictions are from measurements, as the figures that `docs/accuracy.md` shows. */

import { mean, median, round, withinTenPercent } from './intervals.ts';

/** A network predicted without its own rows. */
export interface Prediction {
  readonly network: string;
  /** Cycles. */
  readonly measured: number;
  /** predicted / measured */
  readonly ratio: number;
}

export interface ErrorFigures {
  readonly predictions: number;
  readonly networks: number;
  /** Shares: 0.05 is 5 %. */
  readonly median: number;
  readonly mean: number;
  readonly withinTenPercent: number;
  /** Spearman's; absent with fewer than four networks. */
  readonly rankCorrelation?: number;
  /** Share of the predictions that lie in the interval made from the other networks' residuals. */
  readonly covered?: number;
}

/** Mean rank where values are equal. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [middleA, middleB] = [mean(a), mean(b)];
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const [x, y] = [value - middleA, (b[i] ?? 0) - middleB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  });
  return both / Math.sqrt(squaresA * squaresB);
}

export function rankCorrelation(predictions: readonly Prediction[]): number | undefined {
  if (new Set(predictions.map(({ network }) => network)).size < 4) return undefined;
  const measured = ranks(predictions.map((entry) => entry.measured));
  const predicted = ranks(predictions.map((entry) => entry.measured * entry.ratio));
  return correlation(measured, predicted);
}

/** Figures of `predictions`; `covered` is the share of them that lie in their intervals. */
export function errorFigures(predictions: readonly Prediction[], covered?: number): ErrorFigures | undefined {
  if (predictions.length === 0) return undefined;
  const errors = predictions.map(({ ratio }) => Math.abs(ratio - 1));
  const rank = rankCorrelation(predictions);
  return {
    predictions: predictions.length,
    networks: new Set(predictions.map(({ network }) => network)).size,
    median: round(median(errors), 3),
    mean: round(mean(errors), 3),
    withinTenPercent: round(withinTenPercent(errors), 3),
    ...(rank === undefined ? {} : { rankCorrelation: round(rank, 3) }),
    ...(covered === undefined ? {} : { covered: round(covered, 3) }),
  };
}
