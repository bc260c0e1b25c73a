/**
 * `constraint/impossible`: no architecture of the space meets a constraint. Names the layer that takes most even
 * in the cheapest case, which is where to begin.
 */

import type { Problem } from '../../engine/space/types.ts';
import { formatMetric } from '../../engine/cost/index.ts';
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
    const message =
      `No architecture of \`${space.name}\` meets this constraint${where}: ${view.text}, the constraint asks for ${asked}.` +
      runtimeShare(view) +
      (blamed === undefined ? ' Relax it.' : ` Relax it, or make ${blamed.name} cheaper.`);
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

/** Making a layer cheaper helps only where less is asked for. */
function blame({ setting, blame: blamed }: ConstraintView): Blamed | undefined {
  if (blamed === undefined || setting.operator === '>' || setting.operator === '>=') return undefined;
  const { statement, file } = blamed.statement;
  const name = statement.kind === 'operator' ? `\`${statement.name.name}\`` : 'layer';
  const least = formatMetric(setting.metric, blamed.least);
  return {
    name: `the ${name} that takes at least ${least}`,
    related: {
      file,
      span: { start: statement.start, end: statement.end },
      message: `Takes at least ${least} in every architecture.`,
    },
  };
}
