/** The metrics that constraints and objectives name, read off totals and bounds. */

import type { ConstraintSetting } from '../space/types.ts';
import type { SpaceBounds } from './bounds.ts';
import type { MetricBounds } from './statement-bounds.ts';
import { programFlash } from './program-bounds.ts';
import type { NetworkTotals } from './pricer.ts';
import type { Bound, CostMetric } from './types.ts';

const costMetrics: ReadonlySet<string> = new Set(['latency', 'ram', 'flash', 'energy', 'macs', 'parameters']);

export function isCostMetric(metric: string): metric is CostMetric {
  return costMetrics.has(metric);
}

/**
 * In the unit of constraints: ms, bytes, bytes, microjoules, 1, 1. `undefined` when no data supports it. `total`: of
 * RAM and flash, with what the program around the network takes.
 */
export function metricOf(totals: NetworkTotals, metric: CostMetric, total = false): number | undefined {
  if (total && metric === 'ram') return totals.programRamBytes?.value;
  if (total && metric === 'flash') return programFlash(totals);
  switch (metric) {
    case 'latency':
      return totals.latencyMs?.value;
    case 'ram':
      return totals.ramBytes.value;
    case 'flash':
      return totals.flashBytes.value;
    case 'energy':
      return totals.energyUj?.value;
    case 'macs':
      return totals.macs;
    case 'parameters':
      return totals.parameters;
  }
}

/** What a space can give of that which a constraint limits. */
export function limitedBound(bounds: SpaceBounds, metric: CostMetric, total = false): Bound | undefined {
  if (total && metric === 'ram') return bounds.program.ramBytes;
  if (total && metric === 'flash') return bounds.program.flashBytes;
  return boundOf(bounds.total, metric);
}

export function boundOf(bounds: MetricBounds, metric: CostMetric): Bound | undefined {
  switch (metric) {
    case 'latency':
      return bounds.latencyMs;
    case 'ram':
      return bounds.ramBytes;
    case 'flash':
      return bounds.flashBytes;
    case 'energy':
      return bounds.energyUj;
    case 'macs':
      return bounds.macs;
    case 'parameters':
      return bounds.parameters;
  }
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

/** How far a value is from meeting a constraint, as a share of the bound; 0 when it is met. */
export function violationOf(value: number, constraint: ConstraintSetting): number {
  if (holds(value, constraint.operator, constraint.bound)) return 0;
  const distance = Math.abs(value - constraint.bound) / Math.max(Math.abs(constraint.bound), 1e-9);
  return Math.max(distance, 1e-9);
}
