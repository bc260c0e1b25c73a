/** The front that a search goes for: one for all targets, each trial judged by its worst. */

import { type Constraint, metricValue, type Objective, scoresOf, violationOf } from './objectives.ts';
import { nonDominated } from './pareto.ts';
import type { BestTrial, TrialRecord } from './types.ts';

interface Goals {
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

/** Numbers of the trials, ascending. The same rule as during the search: by latest results, of equal trials the first. */
export function frontOf(trials: readonly TrialRecord[], goals: Goals): number[] {
  const usable = trials.filter(
    (trial) => trial.status === 'done' && violationOf(trial, goals.constraints) <= 0,
  );
  const scores = usable.map((trial) => scoresOf(trial, goals.objectives));
  return nonDominated(scores).flatMap((i) => usable[i]?.trial ?? []);
}

/** Of the front the best by the first objective, of equal trials the first: what `best` means everywhere. */
export function bestOf<T extends TrialRecord>(
  trials: readonly T[],
  front: readonly number[],
  objectives: readonly Objective[],
): T | undefined {
  const among = trials.filter(({ trial }) => front.includes(trial));
  return inOrder(among, objectives)[0];
}

/** Best by the first objective first; trials without a result last. */
export function inOrder<T extends TrialRecord>(trials: readonly T[], objectives: readonly Objective[]): T[] {
  const score = (trial: T): number =>
    trial.result === undefined ? Infinity : (scoresOf(trial, objectives)[0] ?? 0);
  const compare = (a: T, b: T): number => {
    const [x, y] = [score(a), score(b)];
    return x === y ? a.trial - b.trial : x - y;
  };
  return [...trials].sort(compare);
}

/** The best of the front in the form in which it is told. */
export function bestTrial(
  trials: readonly TrialRecord[],
  front: readonly number[],
  objectives: readonly Objective[],
): BestTrial | undefined {
  const best = bestOf(trials, front, objectives);
  if (best === undefined) return undefined;
  return {
    trial: best.trial,
    name: best.name,
    accuracy: best.result?.validation.int8,
    latencyMs: metricValue(best, 'latency', undefined),
  };
}
