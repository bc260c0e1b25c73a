/** The metrics that constraints and objectives name, read off bounds, and those that others give. */

import { type ComputedMetric, type CostMetric, type Costs, derivedMetrics } from '../space/metrics.ts';
import type { ConstraintSetting } from '../space/types.ts';
import type { SpaceBounds } from './bounds.ts';
import type { MetricBounds } from './statement-bounds.ts';
import type { Bound, Estimate } from './types.ts';

/** Adds what the computed ones give; `undefined` where one of these is. */
export function withDerived(computed: Costs<ComputedMetric, Estimate>): Costs<CostMetric, Estimate> {
  const all: Record<string, Estimate | undefined> = computed;
  for (const [name, { of, value }] of derivedMetrics) {
    const from = of.map((metric) => computed[metric]);
    const end = (which: keyof Estimate): number => value(...from.map((each) => each?.[which] ?? 0));
    const isKnown = from.every((each) => each !== undefined);
    all[name] = isKnown ? { value: end('value'), low: end('low'), high: end('high') } : undefined;
  }
  return all as Costs<CostMetric, Estimate>;
}

/** What a space can give of that which a constraint limits. */
export function boundOf(
  bounds: Pick<SpaceBounds, 'total' | 'program' | 'scheduled'>,
  metric: CostMetric,
): Bound | undefined {
  switch (metric) {
    case 'ram total':
      return bounds.program.ramBytes;
    case 'flash total':
      return bounds.program.flashBytes;
    case 'average power':
    case 'battery life':
      return bounds.scheduled[metric];
    default:
      return boundIn(bounds.total, metric);
  }
}

/** The same of what has no program around it. */
export function boundIn(bounds: MetricBounds, metric: CostMetric): Bound | undefined {
  if (Object.hasOwn(bounds, metric)) return bounds[metric as keyof MetricBounds];
  const derived = derivedMetrics.find(([name]) => name === metric)?.[1];
  const from = derived?.of.map((name) => bounds[name]) ?? [undefined];
  if (derived === undefined || from.includes(undefined)) return undefined;
  const end = (which: 'low' | 'high'): number => derived.value(...from.map((each) => each?.[which] ?? 0));
  return { low: end('low'), high: end('high'), exact: false };
}

export function holds(value: number, operator: ConstraintSetting['operator'], bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '==':
      return value === bound;
  }
}
