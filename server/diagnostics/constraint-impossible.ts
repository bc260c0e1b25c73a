/**
 * `constraint/impossible`: no architecture of the space meets a constraint. Names the layer that takes most even
 * in the cheapest case, which is where to begin.
 */

import type { Problem } from '../../engine/space/types.ts';
import { formatMetric } from '../../engine/cost/index.ts';
import { metrics } from '../../engine/space/index.ts';
import { constraintViews, type ConstraintView } from '../analysis/constraints.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

export function impossibleConstraints(snapshot: Snapshot): Problem[] {
  return constraintViews(snapshot).flatMap((view) => {
    const { setting, space, board } = view;
    if (view.verdict !== 'impossible' || setting.source.file !== snapshot.uri) return [];
    const asked = `${setting.operator} ${formatMetric(setting.metric, setting.bound)}`;
    const where = board === undefined ? '' : ` on ${board}`;
    const blamed = blame(view);
    const [meets, what, relax] = setting.implied
      ? ['is done within the period of this schedule', 'schedule', 'Infer less often']
      : ['meets this constraint', 'constraint', 'Relax it'];
    const message =
      `No architecture of \`${space.name}\` ${meets}${where}: ${view.text}, the ${what} asks for ${asked}.` +
      runtimeShare(view) +
      (blamed === undefined ? ` ${relax}.` : ` ${relax}, or make ${blamed.name} cheaper.`);
    const related = blamed === undefined ? [] : [blamed.related];
    return [problemIn(snapshot, 'constraint/impossible', setting.source, message, { related })];
  });
}

/** What no layer changes. */
function runtimeShare({ setting, runtimeBytes }: ConstraintView): string {
  return setting.metric === 'flash total' && runtimeBytes !== undefined
    ? ` The runtime and its kernels alone take about ${formatMetric('flash', runtimeBytes)}.`
    : '';
}

interface Blamed {
  readonly name: string;
  readonly related: Problem['related'][number];
}

/** Making a layer cheaper helps only where a better value is asked for. */
function blame({ setting: { metric, operator }, blame: blamed }: ConstraintView): Blamed | undefined {
  const asksForMore = operator === '>' || operator === '>=';
  if (blamed === undefined || asksForMore !== (metrics[metric].better === 'higher')) return undefined;
  const { statement, file } = blamed.statement;
  const name = statement.kind === 'operator' ? `\`${statement.name.name}\`` : 'layer';
  const least = formatMetric(blamed.metric, blamed.least);
  return {
    name: `the ${name} that takes at least ${least}`,
    related: {
      file,
      span: { start: statement.start, end: statement.end },
      message: `Takes at least ${least} in every architecture.`,
    },
  };
}
