/** `memory/does-not-fit`: not even the smallest arena of a space fits in a bank of a target's board. */

import { placeArena } from '../../engine/cost/index.ts';
import type { Problem } from '../../engine/space/types.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { problemIn } from './problem.ts';

export function arenasThatDoNotFit(snapshot: Snapshot): Problem[] {
  return resolvedTargets(snapshot).flatMap(({ setting, target }) => {
    if (target === undefined || setting.source.file !== snapshot.uri) return [];
    return spaceCosts(snapshot).flatMap(({ space, targets }) => {
      const cost = targets.find((each) => each.target === target);
      if (cost === undefined) return [];
      const { low } = cost.bounds.total.ram;
      const { fits, message } = placeArena(target, low, undefined);
      if (fits || !Number.isFinite(low)) return [];
      const what = `No architecture of \`${space.name}\` fits, not even the smallest. ${message} Make its largest layers smaller, or take a board with more memory.`;
      return [problemIn(snapshot, 'memory/does-not-fit', setting.source, what)];
    });
  });
}
