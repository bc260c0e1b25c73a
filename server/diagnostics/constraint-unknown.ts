/**
 * `constraint/unknown`: no data supports a number for what a constraint limits on a target, so it would pass every
 * architecture in silence.
 */

import { constraintVerdict, missingOfSchedule, type Missing, type Target } from '../../engine/cost/index.ts';
import type { Problem } from '../../engine/space/types.ts';
import { isCostMetric, type Metric } from '../../engine/space/index.ts';
import { appliesTo } from '../analysis/constraints.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

export function unknownConstraints(snapshot: Snapshot): Problem[] {
  const { constraints } = snapshot.analysis.settings;
  return constraints.flatMap((setting) => {
    const { metric, source, implied } = setting;
    if (source.file !== snapshot.uri || !isCostMetric(metric) || implied) return [];
    const without = new Set<Target>();
    for (const { targets } of spaceCosts(snapshot)) {
      for (const { target, bounds } of targets) {
        if (!appliesTo(setting, target, snapshot)) continue;
        if (constraintVerdict(bounds, setting).bound === undefined) without.add(target);
      }
    }
    return [...without].map((target) => {
      const { reason, cure } = whyUnknown(metric, target);
      const message = `${reason}, so this limit has no effect there. ${cure}`;
      return problemIn(snapshot, 'constraint/unknown', source, message);
    });
  });
}

function whyUnknown(metric: Metric, target: Target): Missing {
  const { board, runtime } = target;
  switch (metric) {
    case 'flash total':
    case 'ram total':
      return {
        reason:
          metric === 'flash total'
            ? `How much flash the kernels and the rest of ${runtime.name} take was not published`
            : `How much RAM a program with ${runtime.name} takes beside the arena was not published`,
        cure: `Limit \`${metric.replace(/ total$/, '')}\` instead, and leave room for the rest.`,
      };
    case 'energy':
      return { reason: `There is no energy of ${board.name} with ${runtime.name} at this clock`, cure };
    case 'average power':
    case 'battery life':
      return missingOfSchedule(target) ?? missingBattery(metric, target) ?? withoutLatency('latency', target);
    default:
      return withoutLatency(metric, target);
  }
}

const cure = 'Remove it, or take a board and a runtime that have data: `nasturtium boards` lists them.';

function missingBattery(metric: Metric, { board, schedule }: Target): Missing | undefined {
  return metric === 'average power' || schedule?.battery !== undefined
    ? undefined
    : {
        reason: `The target ${board.id} has no battery`,
        cure: 'Write one into its braces, such as `battery 230 mAh at 3 V`.',
      };
}

function withoutLatency(metric: Metric, { board, runtime }: Target): Missing {
  const reason = `There is no ${metric} of this space on ${board.name} with ${runtime.name}: nobody has published what its layers, or some of them, take`;
  return { reason, cure };
}
