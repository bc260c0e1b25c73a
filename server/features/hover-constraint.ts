/** What a constraint asks, and what the space can give: the bounds on each target. */

import { isMetric, markdownText, metrics } from '../../engine/space/index.ts';
import type { Constraint } from '../../grammar/ast.ts';
import { constraintViews, type ConstraintView } from '../analysis/constraints.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatBytes } from '../../engine/cost/index.ts';

const verdicts = {
  always: 'every architecture meets it',
  impossible: 'no architecture meets it',
  some: 'some architectures can meet it',
  unknown: 'nothing can be said',
} as const;

/** What a limit on the model file leaves out. */
function onTop({ runtimeBytes, setting }: ConstraintView): string {
  if (runtimeBytes === undefined) return '';
  return setting.metric === 'flash total'
    ? ` Of it, the runtime and its kernels take about ${formatBytes(runtimeBytes)}.`
    : ` The runtime and its kernels take about ${formatBytes(runtimeBytes)} of flash on top: \`flash total\` limits both.`;
}

export function constraintHover(snapshot: Snapshot, constraint: Constraint): string | undefined {
  if (constraint.metric === undefined) return undefined;
  const metric = constraint.metric.name;
  const parts = [`**${metric}**${isMetric(metric) ? `: ${metrics[metric].documentation}` : ''}`];
  for (const view of constraintViews(snapshot)) {
    if (view.setting.source.start !== constraint.start) continue;
    const verdict = verdicts[view.verdict];
    parts.push(
      `Space \`${view.space.name}\`${view.board === undefined ? '' : ` on ${markdownText(view.board)}`}: ${markdownText(view.text)} by ${
        view.exact ? 'exact bounds' : 'bounds that hold but are not exact'
      }, so ${verdict}.${onTop(view)}`,
    );
  }
  return parts.join('\n\n');
}
