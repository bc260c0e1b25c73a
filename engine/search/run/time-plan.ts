/** How a budget in minutes is shared between the stages of a run. */

import type { StagePlan } from '../schedule.ts';

/** Share of the budget for proposing new trials when there are later stages; those share the rest evenly. */
const EXPLORING_SHARE = 0.5;
/** Predicted training times are stretched by this much: quantisation, the test split, and chance. */
const SLACK = 1.15;

/** Share of the budget, in [0, 1], that is used up when `stage` of `stages` has to end. */
export function endOfStage(stage: number, stages: number): number {
  if (stage >= stages - 1) return 1;
  return EXPLORING_SHARE + ((1 - EXPLORING_SHARE) * stage) / (stages - 1);
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
