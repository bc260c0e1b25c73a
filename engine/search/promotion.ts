/**
 * Which trials are worth more epochs, and how many: successive halving (Jamieson and Talwalkar, "Non-stochastic
 * Best Arm Identification and Hyperparameter Optimization", AISTATS 2016) with a front in place of a single best.
 */

import { hypervolume, nonDominated, rankByFrontAndCrowding, type Rated } from './pareto.ts';

/** One in this many trials is promoted, and trained this many times as long. */
export const REDUCTION = 3;

/**
 * Epochs of each stage, from the least to the most in steps of about {@link REDUCTION}: 3..30 gives 3, 9, 30. Below
 * one epoch they are shares of the training images, to two digits.
 */
export function stageEpochs(fidelity: { readonly low: number; readonly high: number }): number[] {
  const { low, high } = fidelity;
  if (high <= low) return [high];
  const steps = Math.max(1, Math.round(Math.log(high / low) / Math.log(REDUCTION)));
  const epochs = Array.from({ length: steps + 1 }, (_, i) => {
    const between = low * (high / low) ** (i / steps);
    return between < 1 ? Number(between.toPrecision(2)) : Math.round(between);
  });
  return [...new Set(epochs)];
}

/** Epochs of all stages of a run, with a last training of the front if it has one. */
export function epochsOf({
  fidelity,
  retrain,
}: {
  readonly fidelity: { readonly low: number; readonly high: number };
  readonly retrain?: number | undefined;
}): number[] {
  return [...stageEpochs(fidelity), ...(retrain === undefined ? [] : [retrain])];
}

/**
 * All of `trials`, most worth promoting first: the best of the first objective, then those of the front that add
 * most hypervolume to the ones before, then the rest by front and crowding. Deterministic.
 * @returns indices into `trials`
 */
export function promotionOrder(trials: readonly Rated[]): number[] {
  const ranked = rankByFrontAndCrowding(trials);
  const feasible = trials.flatMap((trial, i) => (trial.violation > 0 ? [] : [i]));
  const scoresOf = (i: number): readonly number[] => trials[i]?.scores ?? [];
  const front = nonDominated(feasible.map(scoresOf)).flatMap((k) => feasible[k] ?? []);
  const scaled = scaleToUnit(front.map(scoresOf));
  const chosen: number[] = [];
  let left = front.map((_, k) => k);
  const best = left.reduce<number | undefined>(
    (least, k) => (least === undefined || (scaled[k]?.[0] ?? 0) < (scaled[least]?.[0] ?? 0) ? k : least),
    undefined,
  );
  let next = best;
  while (next !== undefined) {
    chosen.push(next);
    left = left.filter((k) => k !== next);
    next = mostGain(chosen, left, scaled);
  }
  const promoted = chosen.flatMap((k) => front[k] ?? []);
  const already = new Set(promoted);
  return [...promoted, ...ranked.filter((i) => !already.has(i))];
}

/** Beyond the worst of the front, so that its ends count for something. */
const MARGIN = 1.1;

function mostGain(
  chosen: readonly number[],
  left: readonly number[],
  scaled: readonly (readonly number[])[],
): number | undefined {
  let best: number | undefined;
  let most = -Infinity;
  for (const k of left) {
    const points = [...chosen, k].flatMap((i) => [scaled[i] ?? []]);
    const volume = hypervolume(
      points,
      (scaled[k] ?? []).map(() => MARGIN),
    );
    if (volume > most) {
      most = volume;
      best = k;
    }
  }
  return best;
}

function scaleToUnit(points: readonly (readonly number[])[]): number[][] {
  const low = (points[0] ?? []).map((_, d) => Math.min(...points.map((p) => p[d] ?? 0)));
  const high = (points[0] ?? []).map((_, d) => Math.max(...points.map((p) => p[d] ?? 0)));
  return points.map((p) =>
    p.map((value, d) => {
      const extent = (high[d] ?? 0) - (low[d] ?? 0);
      return extent > 0 ? (value - (low[d] ?? 0)) / extent : 0;
    }),
  );
}
