/**
 * `kernel/slow-path`: a layer runs, but not on the runtime's fast kernel. Says what that costs beside the nearest
 * layer that stays on the fast path, and offers to change to that.
 */

import type { Problem } from '../../engine/space/types.ts';
import { layersOf, slowPathCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatTime } from '../features/quantities.ts';
import { remedyFixes } from './remedies.ts';

/** Of a layer's time: losing less is not worth a word. */
const worthwhileShare = 0.01;

export function slowKernelPaths(snapshot: Snapshot): Problem[] {
  return layersOf(snapshot).flatMap((layer) =>
    layer.targets.flatMap(({ target, support }) => {
      const { worst } = support;
      if (worst.level !== 'slow') return [];
      const { statement } = layer;
      const place = statement.kind === 'operator' ? statement.name : statement;
      const some = support.always ? '' : 'In some architectures: ';
      const cost = slowPathCost(support, target);
      if (cost !== undefined && cost.overheadMs > 0 && cost.overheadMs < worthwhileShare * cost.slowMs)
        return [];
      const price =
        cost === undefined
          ? ''
          : ` It takes ${formatTime(cost.slowMs)}${
              cost.overheadMs > 0 ? `, ${formatTime(cost.overheadMs)} of it lost to the slow path` : ''
            }; ${cost.alternative} take ${formatTime(cost.fastMs)}.`;
      return [
        {
          code: 'kernel/slow-path',
          severity: 'information',
          message: `${some}${worst.reason}${price}`,
          file: snapshot.uri,
          start: place.start,
          end: place.end,
          related: [],
          fixes: remedyFixes(snapshot, statement, worst.remedy),
        } satisfies Problem,
      ];
    }),
  );
}
