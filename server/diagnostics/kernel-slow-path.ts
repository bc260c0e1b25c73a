/**
 * `kernel/slow-path`: a layer runs, but not on the runtime's fast kernel. Says what that costs beside the nearest
 * layer that stays on the fast path, and offers to change to that.
 */

import { formatTime, reductionRule } from '../../engine/cost/index.ts';
import type { Problem } from '../../engine/space/types.ts';
import { layersOf, slowPathCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';
import { remedyFixes } from './remedies.ts';

export function slowKernelPaths(snapshot: Snapshot): Problem[] {
  return layersOf(snapshot).flatMap((layer) =>
    layer.targets.flatMap(({ target, support }) => {
      const { worst } = support;
      // Reductions are told of with what pooling takes: see `slow-reduction.ts`.
      if (worst.level !== 'slow' || worst.rule === reductionRule) return [];
      const { statement } = layer;
      const place = statement.kind === 'operator' ? statement.name : statement;
      const some = support.always ? '' : 'In some architectures: ';
      const cost = slowPathCost(support, target);
      const price =
        cost === undefined
          ? ''
          : ` It takes ${formatTime(cost.slowMs)}${
              cost.overheadMs > 0 ? `, ${formatTime(cost.overheadMs)} of it lost to the slow path` : ''
            }; ${cost.alternative} take ${formatTime(cost.fastMs)}.`;
      const fixes = remedyFixes(snapshot, statement, worst.remedy);
      return [problemIn(snapshot, 'kernel/slow-path', place, `${some}${worst.reason}${price}`, { fixes })];
    }),
  );
}
