/** The share of a space that fits its constraints on each target, in slices so that the server stays free. */

import { shareInSlices, type Target } from '../../engine/cost/index.ts';
import { isSuperseded } from '../../engine/space/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts } from './costs.ts';
import { exactLimit } from './refine.ts';
import { Cancelled, type Slices } from './slices.ts';
import type { Snapshot } from './snapshot.ts';

export interface Share {
  readonly target: Target;
  readonly value: number;
  /** 95 % interval; equal to `value` when every architecture was looked at. */
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}

/** One entry per target. Throws `Cancelled` when nobody wants the answer any more. */
export async function estimateShares(
  snapshot: Snapshot,
  space: SearchSpace,
  slices: Slices,
): Promise<readonly Share[]> {
  const cost = spaceCosts(snapshot).find((each) => each.space === space);
  const shares: Share[] = [];
  for (const { target } of cost?.targets ?? []) {
    const work = shareInSlices(space, target, snapshot.analysis.settings.constraints, {
      enumerate: exactLimit,
    });
    for (;;) {
      await slices.pause();
      if (isSuperseded(space)) throw new Cancelled();
      const step = work.next();
      if (step.done !== true) continue;
      const { share, low, high, exact } = step.value;
      shares.push({ target, value: share, low, high, exact });
      break;
    }
  }
  return shares;
}
