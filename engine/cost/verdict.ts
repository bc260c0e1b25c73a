/** Whether a constraint can be met at all, by sound bounds. */

import type { ConstraintSetting } from '../space/types.ts';
import type { SpaceBounds } from './bounds.ts';
import type { StatementBounds } from './statement-bounds.ts';
import { type CostMetric, isCostMetric } from '../space/metrics.ts';
import { boundIn, boundOf, holds } from './metrics.ts';
import { isCalled } from './resolve.ts';
import type { Target } from './target.ts';
import type { Bound } from './types.ts';

/** Whether a limit is one of a target's: of any board or of its own, and, where a schedule implies it, of its period. */
export function isAbout({ on, implied, bound }: ConstraintSetting, { board, schedule }: Target): boolean {
  return (on === undefined || isCalled(board, on)) && (implied !== true || schedule?.everyMs === bound);
}

export interface ConstraintVerdict {
  /** `unknown` when the metric has no number on this target, or is not a cost. */
  readonly verdict: 'impossible' | 'always' | 'some' | 'unknown';
  readonly bound: Bound | undefined;
  /**
   * For `impossible`: the statement that costs most, and how much of the least total is its own, in the metric by which a
   * layer has its part in what is limited.
   */
  readonly blame:
    { readonly statement: StatementBounds; readonly least: number; readonly metric: CostMetric } | undefined;
}

/** By what a layer has its part in a cost of the whole program, or of a schedule. */
const partOf: Partial<Record<CostMetric, CostMetric>> = {
  'ram total': 'ram',
  'flash total': 'flash',
  'average power': 'energy',
  'battery life': 'energy',
};

/** The statement without which the constraint would be nearest: greatest least contribution. */
function blameFor(bounds: SpaceBounds, metric: CostMetric): ConstraintVerdict['blame'] {
  let worst: ConstraintVerdict['blame'];
  const part = partOf[metric] ?? metric;
  for (const statement of [...bounds.statements, ...bounds.holders]) {
    const bound = boundIn(statement.metrics, part);
    if (bound === undefined || statement.instances.low === 0) continue;
    const least = part === 'ram' ? bound.low : bound.low * statement.instances.low;
    if (worst === undefined || least > worst.least) worst = { statement, least, metric: part };
  }
  return worst;
}

export function constraintVerdict(bounds: SpaceBounds, constraint: ConstraintSetting): ConstraintVerdict {
  const { metric, operator, bound: limit } = constraint;
  const bound = isCostMetric(metric) ? boundOf(bounds, metric) : undefined;
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
