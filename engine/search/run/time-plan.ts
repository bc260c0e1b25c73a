/** How a budget in minutes is shared between the stages of a run. */

import type { StagePlan } from '../schedule.ts';

/** Shares of the budget for proposing new trials and for the last training; stages between share the rest. */
const EXPLORING_SHARE = 0.4;
const FINAL_SHARE = 0.4;
/** Predicted training times are stretched by this much: quantisation, the test split, and chance. */
const SLACK = 1.15;

/** Share of the budget, in [0, 1], that is used up when `stage` of `stages` has to end. */
export function endOfStage(stage: number, stages: number): number {
  if (stage >= stages - 1) return 1;
  if (stages === 2) return 1 - FINAL_SHARE;
  return EXPLORING_SHARE + ((1 - EXPLORING_SHARE - FINAL_SHARE) * stage) / (stages - 2);
}

/**
 * The trials of `plan` that can be trained in time, in its order, on `slots` processes; one that takes too long is
 * passed over for a quicker one behind it.
 * @param secondsFor predicted seconds of training for a trial at the stage's epochs
 */
export function fitToTime(
  plan: StagePlan,
  secondsFor: (trial: number) => number,
  slots: number,
  available: number,
): StagePlan {
  const busy = Array.from({ length: slots }, () => 0);
  const trials = plan.trials.filter((trial) => {
    const soonest = busy.indexOf(Math.min(...busy));
    const end = (busy[soonest] ?? 0) + secondsFor(trial) * SLACK;
    if (end > available) return false;
    busy[soonest] = end;
    return true;
  });
  return { ...plan, trials };
}

/**
 * A last stage with fewer epochs than asked for, when the time does not suffice for a single trial: as many as the
 * first trial can have.
 * @returns undefined when not even `least` epochs fit
 */
export function shortenToTime(
  plan: StagePlan,
  secondsPerEpoch: (trial: number) => number,
  slots: number,
  available: number,
  least: number,
): StagePlan | undefined {
  const [first] = plan.trials;
  if (first === undefined) return undefined;
  const possible = available / (secondsPerEpoch(first) * SLACK);
  const epochs = Math.min(
    plan.epochs,
    possible < 1 ? Math.floor(100 * possible) / 100 : Math.floor(possible),
  );
  if (epochs <= 0 || epochs < least) return undefined;
  return fitToTime({ ...plan, epochs }, (trial) => secondsPerEpoch(trial) * epochs, slots, available);
}
