/** Constraints and objectives. */

import type { Constraint, Expression, Identifier, Objective, StringLiteral } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import {
  exampleLimit,
  isMetric,
  mainMetrics,
  measures,
  type Metric,
  metricNames,
  metrics,
} from '../metrics.ts';
import { nearest } from '../suggest.ts';
import type { ConstraintSetting, ObjectiveSetting } from '../types.ts';
import type { SettingReader } from './values.ts';

/** @param possible what the item can be about */
function readMetric(
  reader: SettingReader,
  metric: Identifier | undefined,
  at: Constraint | Objective,
  possible: readonly Metric[],
  example: string,
): Metric | undefined {
  if (metric === undefined) {
    reader.found('setting/missing', { section: at.kind, what: 'what it is about', example }, at);
    return undefined;
  }
  const { name } = metric;
  if (isMetric(name) && possible.includes(name)) return name;
  // Of `ram total` the metric itself is wanted where no total can be.
  const suggestion = nearest(name, possible) ?? possible.find((each) => name.startsWith(`${each} `));
  reader.found('metric/unknown', { name, known: possible.join(', '), suggestion }, metric);
  return undefined;
}

function readOn(
  reader: SettingReader,
  on: StringLiteral | undefined,
  boards: readonly string[],
): string | undefined {
  if (on === undefined) return undefined;
  if (!boards.includes(on.value)) {
    reader.found(
      'target/unnamed',
      { board: on.value, suggestion: nearest(on.value, boards) ?? boards[0] },
      on,
    );
  }
  return on.value;
}

export function readConstraint(
  reader: SettingReader,
  item: Constraint,
  boards: readonly string[],
  file: FileScope,
): ConstraintSetting | undefined {
  const metric = readMetric(reader, item.metric, item, metricNames, 'latency < 20 ms');
  const on = readOn(reader, item.on, boards);
  if (metric === undefined) return undefined;
  const { measure } = metrics[metric];
  const { dimensions, scale } = measures[measure];
  if (item.operator === undefined || item.bound.kind === 'missing') {
    reader.found(
      'setting/missing',
      { section: 'constraint', what: 'a comparison with a limit', example: exampleLimit(metric) },
      item,
    );
    return undefined;
  }
  const bound = reader.quantity(item.bound, `limit of ${metric}`, dimensions);
  if (bound === undefined) return undefined;
  const expected = measure === 'share' ? 'a share from 0 to 1, or 0 to 100 %' : 'greater than zero';
  if (bound < 0 || (measure === 'share' ? bound > 1 : bound === 0)) {
    reader.wrong('value/range', `limit of ${metric}`, expected, item.bound);
    return undefined;
  }
  return { metric, operator: item.operator, bound: bound * scale, on, source: file.sourceOf(item) };
}

export function readObjective(
  reader: SettingReader,
  item: Objective,
  boards: readonly string[],
  file: FileScope,
): ObjectiveSetting | undefined {
  const metric = readMetric(reader, item.metric, item, mainMetrics, 'min latency');
  const on = readOn(reader, item.on, boards);
  const weight = readWeight(reader, item.weight);
  if (metric === undefined) return undefined;
  return { direction: item.direction, metric, weight, on, source: file.sourceOf(item) };
}

function readWeight(reader: SettingReader, expression: Expression | undefined): number {
  const weight = reader.quantity(expression, 'weight', ['none']);
  if (weight === undefined || expression === undefined) return 1;
  if (weight > 0) return weight;
  reader.wrong('value/range', 'weight', 'greater than zero', expression);
  return 1;
}
