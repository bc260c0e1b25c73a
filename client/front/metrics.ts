/** What the front view shows of each metric. Pure: used by the pages and by the extension. */

import { isTargetOn } from '../../engine/cost/target-name.ts';
import { isCostMetric, type Metric, metrics, worstOf } from '../../engine/space/metrics.ts';
import type { Point } from './messages.ts';

/** With its unit, for an axis. */
export const axisLabel = (metric: Metric): string =>
  `${metrics[metric].label} (${metrics[metric].axis.unit})`;

/** `3 of 12 epochs`; below one, a share of the images */
export function epochsText(epochs: number, full: number | undefined): string {
  return `${epochs}${full === undefined ? '' : ` of ${full}`} epoch${(full ?? epochs) === 1 ? '' : 's'}`;
}

/**
 * On a target, or on the worst of a board's where it is named by its board alone. `undefined` where no number is known, for
 * example the latency on a board without measurements.
 */
export function valueOf(point: Point, metric: Metric, on: string | undefined): number | undefined {
  if (!isCostMetric(metric)) return point.accuracy;
  if (on === undefined) return undefined;
  const values = Object.entries(point.costs).flatMap(([target, cost]) =>
    isTargetOn(target, on) ? [cost[metric]] : [],
  );
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? undefined : worstOf(metric, known);
}

/** The points that no other point beats in both metrics, in the order of `x`. */
export function staircase<T extends { readonly x: number; readonly y: number }>(
  points: readonly T[],
  betterX: 'higher' | 'lower',
  betterY: 'higher' | 'lower',
): T[] {
  const signX = betterX === 'lower' ? 1 : -1;
  const signY = betterY === 'lower' ? 1 : -1;
  const fromBest = [...points].sort((a, b) => signX * (a.x - b.x) || signY * (a.y - b.y));
  const kept: T[] = [];
  let bestY = Number.POSITIVE_INFINITY;
  for (const point of fromBest) {
    if (signY * point.y >= bestY) continue;
    bestY = signY * point.y;
    kept.push(point);
  }
  return kept.sort((a, b) => a.x - b.x);
}
