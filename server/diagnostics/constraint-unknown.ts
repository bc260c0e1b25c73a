/**
 * `constraint/unknown`: no data supports a number for what a constraint limits on a target, so it would pass every
 * architecture in silence.
 */

import { constraintVerdict, type Target } from '../../engine/cost/index.ts';
import type { ConstraintSetting, Problem } from '../../engine/space/types.ts';
import { isCostMetric, metrics } from '../../engine/space/index.ts';
import { appliesTo } from '../analysis/constraints.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

export function unknownConstraints(snapshot: Snapshot): Problem[] {
  const { constraints } = snapshot.analysis.settings;
  return constraints.flatMap((setting) => {
    if (setting.source.file !== snapshot.uri || !isCostMetric(setting.metric)) return [];
    const without = new Set<Target>();
    for (const { targets } of spaceCosts(snapshot)) {
      for (const { target, bounds } of targets) {
        if (!appliesTo(setting, target, snapshot.profiles)) continue;
        if (constraintVerdict(bounds, setting).bound === undefined) without.add(target);
      }
    }
    return [...without].map((target) => {
      const message = `${reasonFor(setting, target)}, so this limit has no effect there. ${cureFor(setting)}`;
      return problemIn(snapshot, 'constraint/unknown', setting.source, message);
    });
  });
}

function reasonFor(setting: ConstraintSetting, { board, runtime }: Target): string {
  switch (setting.metric) {
    case 'flash total':
      return `How much flash the kernels and the rest of ${runtime.name} take was not published`;
    case 'ram total':
      return `How much RAM a program with ${runtime.name} takes beside the arena was not published`;
    case 'energy':
      return `There is no energy of ${board.name} with ${runtime.name} at this clock`;
    default:
      return `There is no ${setting.metric} of this space on ${board.name} with ${runtime.name}: nobody has published what its layers, or some of them, take`;
  }
}

function cureFor(setting: ConstraintSetting): string {
  return metrics[setting.metric].from === 'program'
    ? `Limit \`${setting.metric.replace(/ total$/, '')}\` instead, and leave room for the rest.`
    : 'Remove it, or take a board and a runtime that have data: `nasturtium boards` lists them.';
}
