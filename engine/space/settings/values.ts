/** Values of settings: numbers with their units converted, words, lists and nested settings. */

import type { Expression, NumberExpression, Property } from '../../../grammar/ast.ts';
import { rangeValues } from '../program/ranges.ts';
import {
  settingDuplicate,
  settingUnknown,
  unitUnknown,
  unitWrong,
  valueRange,
  valueType,
} from '../problems/catalogue.ts';
import { finding } from '../problems/problem.ts';
import type { ProblemKind } from '../problems/problem.ts';
import type { Report } from '../program/body.ts';
import { nearest } from '../suggest.ts';
import type { SettingValue } from '../types.ts';
import { dimensionWords, units } from '../units.ts';
import type { Dimension, Unit } from '../units.ts';

const PLAIN: Unit = { dimension: 'none', factor: 1 };

export class SettingReader {
  readonly file: string;
  readonly text: string;
  private readonly report: Report;

  constructor(file: string, text: string, report: Report) {
    this.file = file;
    this.text = text;
    this.report = report;
  }

  found<A>(kind: ProblemKind<A>, args: A, span: { readonly start: number; readonly end: number }): void {
    this.report(finding(kind, args), this.file, span);
  }

  source(expression: Expression): string {
    return this.text.slice(expression.start, expression.end).replace(/\s+/g, ' ');
  }

  /** The unit of a number, or that it has none. */
  unit({ unit }: NumberExpression): Unit | undefined {
    if (unit === undefined) return PLAIN;
    const known = units[unit.name];
    if (known === undefined) {
      this.found(unitUnknown, { unit: unit.name, suggestion: nearest(unit.name, Object.keys(units)) }, unit);
    }
    return known;
  }

  /** Any value, as options keep it: quantities in base units, words as text, choices as lists. */
  value(expression: Expression): SettingValue | undefined {
    switch (expression.kind) {
      case 'number': {
        const unit = this.unit(expression);
        return unit === undefined ? undefined : expression.value * unit.factor;
      }
      case 'dimensions':
        return expression.values;
      case 'string':
        return expression.value;
      case 'name':
        return expression.name === 'true' || expression.name === 'false'
          ? expression.name === 'true'
          : expression.name;
      case 'choiceExpression':
        return expression.options.flatMap((option) => {
          const value = this.value(option);
          return value === undefined ? [] : [value];
        });
      case 'range': {
        const values = rangeValues(expression, (bound) => this.number(bound));
        return values === undefined || 'broken' in values ? undefined : values;
      }
      case 'unary': {
        const value = this.value(expression.operand);
        return typeof value === 'number' ? -value : this.source(expression);
      }
      case 'call':
      case 'binary':
        return this.source(expression);
      case 'missing':
        return undefined;
    }
  }

  private number(expression: Expression): number | undefined {
    const value = this.value(expression);
    return typeof value === 'number' ? value : undefined;
  }

  /**
   * A number in the base unit of one of the dimensions (seconds, bytes, hertz, joules, a share). Reports what is
   * not one.
   */
  quantity(
    expression: Expression | undefined,
    what: string,
    dimensions: readonly Dimension[],
  ): number | undefined {
    if (expression === undefined || expression.kind === 'missing') return undefined;
    if (expression.kind === 'unary' && expression.operator === '-') {
      const value = this.quantity(expression.operand, what, dimensions);
      return value === undefined ? undefined : -value;
    }
    const expected = dimensions.map((dimension) => dimensionWords[dimension]).join(' or ');
    if (expression.kind !== 'number') {
      this.found(valueType, { what, expected, found: `\`${this.source(expression)}\`` }, expression);
      return undefined;
    }
    const unit = this.unit(expression);
    if (unit === undefined) return undefined;
    if (!dimensions.includes(unit.dimension)) {
      this.found(unitWrong, { what, expected, found: `\`${this.source(expression)}\`` }, expression);
      return undefined;
    }
    const value = expression.value * unit.factor;
    if (Number.isFinite(value)) return value;
    this.found(
      valueRange,
      { what, expected: 'a number that can be counted to', found: this.source(expression) },
      expression,
    );
    return undefined;
  }

  /** Properties by name, the last of each; reports unknown and repeated ones. */
  properties(
    section: string,
    properties: readonly Property[],
    known: readonly string[],
  ): ReadonlyMap<string, Property> {
    const found = new Map<string, Property>();
    for (const property of properties) {
      const { name } = property.name;
      if (!known.includes(name)) {
        const details = { section, name, known: known.join(', '), suggestion: nearest(name, known) };
        this.found(settingUnknown, details, property.name);
      }
      if (found.has(name)) this.found(settingDuplicate, { section, name }, property.name);
      found.set(name, property);
    }
    return found;
  }

  /** The value of a property as options keep it: nested settings become an object. */
  option({ values, nested }: Property): SettingValue | undefined {
    const list = values.flatMap((value) => {
      const read = this.value(value);
      return read === undefined ? [] : [read];
    });
    const single = list.length === 1 ? list[0] : list;
    if (nested === undefined) return list.length === 0 ? true : single;
    const inner: Record<string, SettingValue> = {};
    if (list.length > 0 && single !== undefined) inner['kind'] = single;
    for (const property of nested) {
      const value = this.option(property);
      if (value !== undefined) inner[property.name.name] = value;
    }
    return inner;
  }
}
