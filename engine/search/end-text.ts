/** How a search ended, in words: the reason, how much was done, and the best of it. */

import { formatPercent, formatTime } from '../cost/index.ts';
import { durationText } from './duration.ts';
import { failuresText } from './failures.ts';
import { type Constraint, missedConstraints, violationOf } from './objectives.ts';
import type { BestTrial, FinishReason, TrialRecord } from './types.ts';

export interface End {
  readonly reason: FinishReason;
  /** Latest records of the trials. */
  readonly records: readonly TrialRecord[];
  readonly constraints: readonly Constraint[];
  /** Of active searching. */
  readonly seconds: number;
  readonly best: BestTrial | undefined;
}

const reasons: Readonly<Record<FinishReason, string>> = {
  trials: 'The search has finished, every trial is done',
  budget: 'The search has finished, its time is used up',
  exhausted: 'The search has finished, every architecture that meets the constraints has been tried',
  patience:
    'The search has finished, so many trials in a row brought nothing to the front that no more were proposed',
  stopped: 'The search was stopped. Resume goes on where it was. So far',
};

/** `The search has finished, every trial is done: 30 trials in 12 min. The best is a3f9-1c02: 88.4 % on validation, 6.39 ms.` */
export function endText({ reason, records, constraints, seconds, best }: End): string {
  const many = `${records.length} trial${records.length === 1 ? '' : 's'}`;
  const failures = failuresText(records);
  const targets = Object.keys(records[0]?.costs ?? {}).length;
  return [
    `${reasons[reason]}: ${many} in ${durationText(seconds)}.`,
    ...(best === undefined ? [whyEmpty(records, constraints)] : [`The best is ${bestText(best, targets)}.`]),
    ...(best === undefined || failures === '' ? [] : [failures]),
  ].join(' ');
}

function bestText({ name, accuracy, latencyMs }: BestTrial, targets: number): string {
  const where = targets > 1 ? ' on the slowest target' : '';
  const facts = [
    ...(accuracy === undefined ? [] : [`${formatPercent(accuracy)} on validation`]),
    ...(latencyMs === undefined ? [] : [`${formatTime(latencyMs)}${where}`]),
  ];
  return facts.length === 0 ? name : `${name}: ${facts.join(', ')}`;
}

/** Why no trial is on the front, and what to do. */
export function whyEmpty(trials: readonly TrialRecord[], constraints: readonly Constraint[]): string {
  if (trials.length === 0) return 'The front is empty, since no trial is done.';
  const [nearest] = trials
    .filter((trial) => trial.status === 'done')
    .sort((a, b) => violationOf(a, constraints) - violationOf(b, constraints) || a.trial - b.trial);
  if (nearest === undefined) return `The front is empty. ${failuresText(trials)}`;
  const missed = missedConstraints(nearest, constraints).join('; ');
  return `The front is empty, since no trial meets every constraint. Trial ${nearest.trial} comes nearest: ${missed}. Train for more epochs, or loosen the constraint.`;
}
