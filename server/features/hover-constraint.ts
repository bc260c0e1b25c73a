/** What a constraint asks, and what the space can give: the bounds on each target. */

import type { Constraint } from '../../grammar/ast.ts';
import { constraintViews } from '../analysis/constraints.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { metricWords } from './documentation.ts';

const verdicts = {
  always: 'every architecture meets it',
  impossible: 'no architecture meets it',
  some: 'some architectures can meet it',
  unknown: 'nothing can be said',
} as const;

export function constraintHover(snapshot: Snapshot, constraint: Constraint): string | undefined {
  const metric = constraint.metric?.name;
  if (metric === undefined) return undefined;
  const parts = [`**${metric}**${metricWords[metric] === undefined ? '' : `: ${metricWords[metric]}`}`];
  for (const view of constraintViews(snapshot)) {
    if (view.setting.source.start !== constraint.start) continue;
    const verdict = verdicts[view.verdict];
    parts.push(
      `Space \`${view.space.name}\`${view.board === undefined ? '' : ` on ${view.board}`}: ${view.text} by ${
        view.exact ? 'exact bounds' : 'bounds that hold but are not exact'
      }, so ${verdict}.`,
    );
  }
  return parts.join('\n\n');
}
