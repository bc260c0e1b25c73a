/** A space: its size, its choices, what the whole can cost on each target. */

import { baseMetrics, counted, metrics } from '../../engine/space/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts } from '../analysis/costs.ts';
import { ramRemark } from '../analysis/refine.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { table, targetTitle } from './hover-layer.ts';
import { formatBig, formatMetric, formatShape } from '../../engine/cost/index.ts';

export function spaceHover(snapshot: Snapshot, space: SearchSpace): string {
  const head = `**space ${space.name}** · input ${space.inputShapes.map(formatShape).join(' or ')} · ${counted(space.classes, 'class', 'classes')}`;
  if (!space.usable) return `${head}\n\nIt has problems that keep it from being counted. Mend them first.`;
  const { count, exact } = space.size();
  const parts = [
    head,
    `${exact ? '' : 'At most '}${counted(count, 'architecture', undefined, formatBig(count))} from ${counted(space.choices.length, 'choice')}.`,
  ];
  for (const cost of spaceCosts(snapshot)) {
    if (cost.space !== space) continue;
    for (const { target, bounds } of cost.targets) {
      const { total } = bounds;
      const rows = baseMetrics.flatMap((metric): [string, string, string][] => {
        const bound = total[metric];
        if (bound === undefined) return [];
        return [[metrics[metric].label, formatMetric(metric, bound), bound.exact ? 'exact' : 'not exact']];
      });
      parts.push(
        `${targetTitle(target, snapshot.profiles)}\n\n${table(rows, ['', 'least–most of any architecture', 'bounds'])}`,
      );
    }
    const remark = ramRemark(cost);
    if (remark !== undefined) parts.push(remark);
  }
  return parts.join('\n\n');
}
