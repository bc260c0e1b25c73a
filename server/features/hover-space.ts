/** What a space comes to, and what a use of a block, a group or a choice in it does where it stands, on each target. */

import { baseMetrics, counted, isCostMetric, mainMetrics, metrics } from '../../engine/space/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts, type TargetLayerCost, type UseCost } from '../analysis/costs.ts';
import { ramRemark } from '../analysis/refine.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { table, targetTitle } from './hover-layer.ts';
import { boundOf, formatBig, formatMetric, formatShape } from '../../engine/cost/index.ts';

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
      const rows = mainMetrics.filter(isCostMetric).flatMap((metric): [string, string, string][] => {
        const bound = boundOf(bounds, metric);
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

/** Markdown: sums over all layers of what is used. */
export function useTooltip(snapshot: Snapshot, use: UseCost): string {
  const { low, high } = use.instances;
  const times = low === high ? String(low) : `${low} to ${high}`;
  const head = `**All its layers**, repetitions included · stands ${times} ${high === 1 ? 'time' : 'times'} in an architecture`;
  return [head, ...use.targets.map((cost) => onTarget(snapshot, cost))].join('\n\n');
}

function onTarget(snapshot: Snapshot, { target, metrics: ranges }: TargetLayerCost): string {
  const rows = baseMetrics.flatMap((metric): [string, string, string][] => {
    const range = ranges[metric];
    if (range === undefined) return [];
    const what = metric === 'ram' ? 'of the layer that takes most' : 'sum';
    return [[metrics[metric].label, formatMetric(metric, range), what]];
  });
  const lines = [targetTitle(target, snapshot.profiles), '', table(rows, ['', 'over the space', ''])];
  if (ranges.latency === undefined)
    lines.push('', 'It has no latency: one of its layers has none, as its hover says.');
  return lines.join('\n');
}
