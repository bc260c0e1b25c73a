/** Constraints and objectives. */

import type { Constraint, Expression, Identifier, Objective, StringLiteral } from '../../../grammar/ast.ts';
import type { FileScope } from '../program/file-scope.ts';
import { nearest } from '../suggest.ts';
import type { ConstraintSetting, ObjectiveSetting } from '../types.ts';
import type { Dimension } from '../units.ts';
import type { SettingReader } from './values.ts';

interface Metric {
  readonly dimensions: readonly Dimension[];
  /** From the base unit to that of the setting. */
  readonly scale: number;
  readonly example: string;
}

/** Units of {@link ConstraintSetting.bound}: ms, bytes, bytes, microjoules, 1, 1, a share. */
export const metrics: Readonly<Record<ConstraintSetting['metric'], Metric>> = {
  latency: { dimensions: ['time'], scale: 1e3, example: 'latency < 20 ms' },
  ram: { dimensions: ['bytes'], scale: 1, example: 'ram < 64 KB' },
  flash: { dimensions: ['bytes'], scale: 1, example: 'flash < 256 KB' },
  energy: { dimensions: ['energy'], scale: 1e6, example: 'energy < 3 mJ' },
  macs: { dimensions: ['none'], scale: 1, example: 'macs < 5000000' },
  parameters: { dimensions: ['none'], scale: 1, example: 'parameters < 50000' },
  accuracy: { dimensions: ['share', 'none'], scale: 1, example: 'accuracy > 90 %' },
};

function isMetric(name: string): name is ConstraintSetting['metric'] {
  return name in metrics;
}

function readMetric(
  reader: SettingReader,
  metric: Identifier | undefined,
  at: Constraint | Objective,
  example: string,
): ConstraintSetting['metric'] | undefined {
  if (metric === undefined) {
    reader.found('setting/missing', { section: at.kind, what: 'what it is about', example }, at);
    return undefined;
  }
  if (isMetric(metric.name)) return metric.name;
  const known = Object.keys(metrics);
  const details = { name: metric.name, known: known.join(', '), suggestion: nearest(metric.name, known) };
  reader.found('metric/unknown', details, metric);
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
  const metric = readMetric(reader, item.metric, item, 'latency < 20 ms');
  const on = readOn(reader, item.on, boards);
  if (metric === undefined) return undefined;
  const { dimensions, scale, example } = metrics[metric];
  const { total } = item;
  if (total && metric !== 'ram' && metric !== 'flash') {
    const known = [...Object.keys(metrics), 'ram total', 'flash total'].join(', ');
    reader.found(
      'metric/unknown',
      { name: `${metric} total`, known, suggestion: metric },
      item.metric ?? item,
    );
    return undefined;
  }
  if (item.operator === undefined || item.bound.kind === 'missing') {
    reader.found(
      'setting/missing',
      { section: 'constraint', what: 'a comparison with a limit', example },
      item,
    );
    return undefined;
  }
  const bound = reader.quantity(item.bound, `limit of ${metric}`, dimensions);
  if (bound === undefined) return undefined;
  const expected = metric === 'accuracy' ? 'a share from 0 to 1, or 0 to 100 %' : 'greater than zero';
  if (bound < 0 || (metric === 'accuracy' ? bound > 1 : bound === 0)) {
    reader.found(
      'value/range',
      { what: `limit of ${metric}`, expected, found: reader.source(item.bound) },
      item.bound,
    );
    return undefined;
  }
  const setting = { metric, operator: item.operator, bound: bound * scale, on, source: file.sourceOf(item) };
  return total ? { ...setting, total } : setting;
}

export function readObjective(
  reader: SettingReader,
  item: Objective,
  boards: readonly string[],
  file: FileScope,
): ObjectiveSetting | undefined {
  const metric = readMetric(reader, item.metric, item, 'min latency');
  const on = readOn(reader, item.on, boards);
  const weight = readWeight(reader, item.weight);
  if (metric === undefined) return undefined;
  return { direction: item.direction, metric, weight, on, source: file.sourceOf(item) };
}

function readWeight(reader: SettingReader, expression: Expression | undefined): number {
  const weight = reader.quantity(expression, 'weight', ['none']);
  if (weight === undefined || expression === undefined) return 1;
  if (weight > 0) return weight;
  reader.found(
    'value/range',
    { what: 'weight', expected: 'greater than zero', found: reader.source(expression) },
    expression,
  );
  return 1;
}
