/** What a use of a block, a group or a choice comes to where it stands: sums over its layers on each target. */

import type { TargetLayerCost, UseCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { table, targetTitle } from './hover-layer.ts';
import { formatMetric } from '../../engine/cost/index.ts';
import { baseMetrics, metrics } from '../../engine/space/index.ts';

/** Markdown. */
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
