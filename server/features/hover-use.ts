/** What a use of a block, a group or a choice comes to where it stands: sums over its layers on each target. */

import type { TargetLayerCost, UseCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { table, targetTitle } from './hover-layer.ts';
import { formatCount, formatEnergy, formatSize, formatTime } from './quantities.ts';

/** Markdown. */
export function useTooltip(snapshot: Snapshot, use: UseCost): string {
  const { low, high } = use.instances;
  const times = low === high ? String(low) : `${low} to ${high}`;
  const head = `**All its layers**, repetitions included · stands ${times} ${high === 1 ? 'time' : 'times'} in an architecture`;
  return [head, ...use.targets.map((cost) => onTarget(snapshot, use, cost))].join('\n\n');
}

function onTarget(snapshot: Snapshot, use: UseCost, cost: TargetLayerCost): string {
  const sum = 'sum';
  const rows: [string, string, string][] = [];
  if (cost.latencyMs !== undefined) rows.push(['Latency', formatTime(cost.latencyMs), sum]);
  rows.push(['RAM', formatSize(cost.ramBytes), 'of the layer that takes most']);
  rows.push(['Flash', formatSize(cost.flashBytes), sum]);
  if (cost.energyUj !== undefined) rows.push(['Energy', formatEnergy(cost.energyUj), sum]);
  rows.push(['MACs', formatCount(use.macs, ''), sum], ['Parameters', formatCount(use.parameters, ''), sum]);
  const lines = [targetTitle(cost.target, snapshot.profiles), '', table(rows, ['', 'over the space', ''])];
  if (cost.latencyMs === undefined)
    lines.push('', 'It has no latency: one of its layers has none, as its hover says.');
  return lines.join('\n');
}
