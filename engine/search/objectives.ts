/** From a trial's costs and accuracy to the scores and violations that strategies compare. */

import { formatAmount, holds, isTargetOn } from '../cost/index.ts';
import { isCostMetric, type Metric, metrics, worstOf } from '../space/metrics.ts';
import type { ConstraintSetting, ObjectiveSetting } from '../space/types.ts';
import type { TrialRecord } from './types.ts';

/** As a run keeps them: without their place in the text. */
export type Objective = Pick<ObjectiveSetting, 'direction' | 'metric' | 'weight' | 'on'>;
export type Constraint = Pick<ConstraintSetting, 'metric' | 'operator' | 'bound' | 'on'>;

/** What a search goes for when the file names no objectives. */
export const defaultObjectives: readonly Objective[] = [
  { direction: 'max', metric: 'accuracy', weight: 1, on: undefined },
  { direction: 'min', metric: 'latency', weight: 1, on: undefined },
];

type Measured = Pick<TrialRecord, 'costs' | 'result'>;

/**
 * The value of a metric in its unit: on one target, or the worst of all.
 * Accuracy is that of int8 on the validation split, on which alone a search may decide.
 * @returns undefined when it is not known: accuracy before training, a cost that no data supports
 */
export function metricValue(trial: Measured, metric: Metric, on: string | undefined): number | undefined {
  if (!isCostMetric(metric)) return trial.result?.validation.int8;
  const values: number[] = [];
  for (const [target, cost] of Object.entries(trial.costs)) {
    if (on !== undefined && !isTargetOn(target, on)) continue;
    const value = cost[metric];
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values.length === 0 ? undefined : worstOf(metric, values);
}

/** Scores to minimise, in the order of the objectives; unknown values are the worst. */
export function scoresOf(trial: Measured, objectives: readonly Objective[]): number[] {
  return objectives.map(({ direction, metric, on }) => {
    const value = metricValue(trial, metric, on);
    return value === undefined ? Infinity : direction === 'max' ? -value : value;
  });
}

/** Counts for a strict bound that is met exactly. */
const JUST_MISSED = 1e-9;

/**
 * How far the constraints are missed, as the sum of relative excesses; 0 when all are met. A constraint whose metric
 * is not known yet (accuracy before training) is passed over; one whose cost no data supports cannot be judged
 * either and is passed over too: see {@link unsupportedMetrics} for telling the person so.
 */
export function violationOf(trial: Measured, constraints: readonly Constraint[]): number {
  return constraints.reduce((sum, constraint) => sum + excess(trial, constraint), 0);
}

/** Each missed constraint in words: `ram is 21.5 KB, which has to be < 16 KB`. */
export function missedConstraints(trial: Measured, constraints: readonly Constraint[]): string[] {
  return missed(trial, constraints).map((constraint) => {
    const { metric, operator, bound, on } = constraint;
    const value = metricValue(trial, metric, on) ?? NaN;
    return `${nameOf(constraint)} is ${withUnit(metric, value)}, which has to be ${operator} ${withUnit(metric, bound)}`;
  });
}

/** Each missed constraint as it is written: `accuracy > 75 %`. */
export function brokenConstraints(trial: Measured, constraints: readonly Constraint[]): string[] {
  return missed(trial, constraints).map(
    (constraint) =>
      `${nameOf(constraint)} ${constraint.operator} ${withUnit(constraint.metric, constraint.bound)}`,
  );
}

/** `flash total on pico` */
const nameOf = ({ metric, on }: Constraint): string => `${metric}${on === undefined ? '' : ` on ${on}`}`;

function missed(trial: Measured, constraints: readonly Constraint[]): Constraint[] {
  return constraints.filter((constraint) => excess(trial, constraint) > 0);
}

function excess(trial: Measured, constraint: Constraint): number {
  const value = metricValue(trial, constraint.metric, constraint.on);
  if (value === undefined) return 0;
  const { operator, bound } = constraint;
  if (holds(value, operator, bound)) return 0;
  const relative = (value - bound) / (bound === 0 ? 1 : Math.abs(bound));
  return relative === 0 ? JUST_MISSED : Math.abs(relative);
}

/** Metrics named by objectives or constraints that the targets' data cannot price for this trial. */
export function unsupportedMetrics(
  trial: Measured,
  named: readonly Pick<Constraint, 'metric' | 'on'>[],
): string[] {
  const unknown = named.filter(
    ({ metric, on }) => isCostMetric(metric) && metricValue(trial, metric, on) === undefined,
  );
  return [...new Set(unknown.map(({ metric }) => metric))];
}

/** As people write limits: with digits enough to be told from the limit. */
const withUnit = (metric: Metric, value: number): string =>
  formatAmount(metrics[metric].measure, value, { digits: 4 });
