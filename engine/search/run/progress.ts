/** How much of a run with a given number of trials is still to come. */

import { REDUCTION } from '../promotion.ts';
import type { TrialRecord } from '../types.ts';

/** Trainings in all stages, before it is known how many the front asks for at the end. */
export function expectedEvaluations(trials: number, epochs: readonly number[]): number {
  return stageSizes(trials, epochs).reduce((sum, size) => sum + size, 0);
}

/**
 * Seconds of training to come, on one process, by the mean time per epoch so far.
 * @param latest the latest record of every trial
 * @param epochs by stage
 * @returns Infinity before the first result
 */
export function trainingLeft(
  latest: readonly TrialRecord[],
  trials: number,
  epochs: readonly number[],
  stage: number,
): number {
  const results = latest.flatMap((record) => record.result ?? []);
  const trained = results.reduce((sum, result) => sum + result.epochs, 0);
  if (trained === 0) return Infinity;
  const perEpoch = results.reduce((sum, result) => sum + result.seconds, 0) / trained;
  const epochsLeft = stageSizes(trials, epochs).map((size, i) => {
    const done = latest.filter((record) => record.stage >= i).length;
    return i < stage ? 0 : (epochs[i] ?? 0) * Math.max(0, size - done);
  });
  return perEpoch * epochsLeft.reduce((sum, left) => sum + left, 0);
}

function stageSizes(trials: number, epochs: readonly number[]): number[] {
  const sizes: number[] = [];
  for (let size = trials; sizes.length < epochs.length; size = Math.ceil(size / REDUCTION)) sizes.push(size);
  return sizes;
}
