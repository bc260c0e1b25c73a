/** Whether a constraint can be met at all, by sound bounds. */

import type { ConstraintSetting } from '../space/types.ts';
import type { SpaceBounds } from './bounds.ts';
import type { StatementBounds } from './statement-bounds.ts';
import { boundOf, holds, isCostMetric, limitedBound } from './metrics.ts';
import type { Bound, CostMetric } from './types.ts';

export interface ConstraintVerdict {
  /** `unknown` when the metric has no number on this target, or is not a cost. */
  readonly verdict: 'impossible' | 'always' | 'some' | 'unknown';
  readonly bound: Bound | undefined;
  /** For `impossible`: the statement that costs most, and how much of the least total is its own. */
  readonly blame: { readonly statement: StatementBounds; readonly least: number } | undefined;
}

/** The statement without which the constraint would be nearest: greatest least contribution. */
function blameFor(bounds: SpaceBounds, metric: CostMetric): ConstraintVerdict['blame'] {
  let worst: { statement: StatementBounds; least: number } | undefined;
  for (const statement of [...bounds.statements, ...bounds.holders]) {
    const bound = boundOf(statement.metrics, metric);
    if (bound === undefined || statement.instances.low === 0) continue;
    const least = metric === 'ram' ? bound.low : bound.low * statement.instances.low;
    if (worst === undefined || least > worst.least) worst = { statement, least };
  }
  return worst;
}

export function constraintVerdict(bounds: SpaceBounds, constraint: ConstraintSetting): ConstraintVerdict {
  const { metric, operator, bound: limit, total } = constraint;
  const bound = isCostMetric(metric) ? limitedBound(bounds, metric, total) : undefined;
  if (bound === undefined || !isCostMetric(metric)) return { verdict: 'unknown', bound, blame: undefined };
  if (operator === '==') {
    const impossible = limit < bound.low || limit > bound.high;
    const verdict = impossible ? 'impossible' : bound.low === bound.high && bound.exact ? 'always' : 'some';
    return { verdict, bound, blame: impossible ? blameFor(bounds, metric) : undefined };
  }
  const low = holds(bound.low, operator, limit);
  const high = holds(bound.high, operator, limit);
  if (low && high) return { verdict: 'always', bound, blame: undefined };
  if (!low && !high) return { verdict: 'impossible', bound, blame: blameFor(bounds, metric) };
  return { verdict: 'some', bound, blame: undefined };
}
