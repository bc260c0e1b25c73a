/** Values of settings: numbers with their units converted, words, lists and nested settings. */

import type { Expression, NumberExpression, Property } from '../../../grammar/ast.ts';
import { rangeValues } from '../program/ranges.ts';
import { finding, type ProblemArguments, type ProblemCode } from '../problems/catalogue.ts';
import type { Report } from '../program/body.ts';
import { nearest } from '../suggest.ts';
import type { SettingValue } from '../types.ts';
import { type Dimension, type Unit, units, wordsOf } from '../units.ts';
import { fits, type NumberForm, type SettingForm, type SettingForms } from './forms.ts';

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

  found<C extends ProblemCode>(
    code: C,
    args: ProblemArguments[C],
    span: { readonly start: number; readonly end: number },
  ): void {
    this.report(finding(code, args), this.file, span);
  }

  /** Reports a value that is not what it must be: of another kind or unit, or outside of its limits. */
  wrong(
    code: 'value/type' | 'unit/wrong' | 'value/range',
    what: string,
    expected: string,
    expression: Expression,
  ): void {
    const written = this.source(expression);
    const found = code === 'value/range' ? written : `\`${written}\``;
    this.found(code, { what, expected, found }, expression);
  }

  source(expression: Expression): string {
    return this.text.slice(expression.start, expression.end).replace(/\s+/g, ' ');
  }

  /** The unit of a number, or that it has none. */
  unit({ unit }: NumberExpression): Unit | undefined {
    if (unit === undefined) return PLAIN;
    const known = Object.hasOwn(units, unit.name) ? units[unit.name] : undefined;
    if (known === undefined) {
      this.found(
        'unit/unknown',
        { unit: unit.name, suggestion: nearest(unit.name, Object.keys(units)) },
        unit,
      );
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
        const values = rangeValues(expression, (bound) => this.bound(bound));
        return values === undefined || 'broken' in values ? undefined : values;
      }
      case 'unary': {
        const value = this.value(expression.operand);
        return typeof value === 'number' ? -value : this.source(expression);
      }
      case 'call':
      case 'binary':
      case 'conditional':
        return this.source(expression);
      case 'missing':
        return undefined;
    }
  }

  private bound(expression: Expression): number | undefined {
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
    const expected = dimensions.map(wordsOf).join(' or ');
    if (expression.kind !== 'number') {
      this.wrong('value/type', what, expected, expression);
      return undefined;
    }
    const unit = this.unit(expression);
    if (unit === undefined) return undefined;
    if (!dimensions.includes(unit.dimension)) {
      this.wrong('unit/wrong', what, expected, expression);
      return undefined;
    }
    const value = expression.value * unit.factor;
    if (Number.isFinite(value)) return value;
    this.wrong('value/range', what, 'a number that can be counted to', expression);
    return undefined;
  }

  /** Properties by name, the last of each; reports those that nothing reads as they are written. */
  properties(
    section: string,
    properties: readonly Property[],
    forms: SettingForms,
  ): ReadonlyMap<string, Property> {
    const found = new Map<string, Property>();
    for (const property of properties) {
      const { name } = property.name;
      const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
      if (form === undefined) {
        const known = Object.keys(forms);
        const details = { section, name, known: known.join(', '), suggestion: nearest(name, known) };
        this.found('setting/unknown', details, property.name);
      } else this.checkForm(property, form);
      if (found.has(name)) this.found('setting/duplicate', { section, name }, property.name);
      found.set(name, property);
    }
    return found;
  }

  private checkForm(property: Property, form: SettingForm): void {
    const { name, values, nested } = property;
    const [value] = values;
    if (value === undefined && (nested === undefined || form.nested !== true)) {
      const example = `${name.name} ${form.example}`;
      const details = { section: name.name, what: 'a value', example, insert: form.usual };
      this.found('setting/missing', details, name);
    }
    if (nested !== undefined && form.nested !== true) {
      const inner = { start: values.at(-1)?.end ?? name.end, end: property.end };
      const details = { what: name.name, expected: `one value, as in \`${name.name} ${form.example}\`` };
      this.found('value/type', { ...details, found: 'settings in braces' }, inner);
    }
    for (const each of nested ?? []) this.checkNested(each);
    if (value === undefined || value.kind === 'missing') return;
    if (form.phrase !== undefined) this.phrase(property, form);
    if (form.number !== undefined) this.number(value, name.name, form.number);
    if (form.words !== undefined && !(value.kind === 'name' && form.words.includes(value.name))) {
      const expected = form.words.map((word) => `\`${word}\``).join(' or ');
      this.wrong('value/type', name.name, expected, value);
    }
    if (form.text === true && !isText(value)) {
      const expected = `a text such as \`${form.example}\``;
      this.wrong('value/type', name.name, expected, value);
    }
  }

  /** The numbers of a phrase, in base units; `undefined` where it is not as its form has it, which is reported. */
  phrase(property: Property, { phrase = [], example }: SettingForm): readonly number[] | undefined {
    const { name, values } = property;
    const [first, last] = [values[0], values.at(-1)];
    const rest = [...values];
    const numbers: (number | undefined)[] = [];
    for (const { word, number } of phrase) {
      const before = word === undefined ? undefined : rest.shift();
      const value = rest.shift();
      const isThere = word === undefined || (before?.kind === 'name' && before.name === word);
      if (!isThere || value === undefined || value.kind === 'missing') {
        rest.length = 1;
        break;
      }
      numbers.push(this.number(value, name.name, number));
    }
    if (first !== undefined && last !== undefined && rest.length > 0) {
      const span = { start: first.start, end: last.end };
      const found = `\`${this.text.slice(span.start, span.end)}\``;
      this.found(
        'value/type',
        { what: name.name, expected: `written as in \`${name.name} ${example}\``, found },
        span,
      );
      return undefined;
    }
    const known = numbers.filter((value) => value !== undefined);
    return known.length === phrase.length ? known : undefined;
  }

  /** Nothing reads them yet, but a name alone says nothing in any case. */
  private checkNested({ name, values, nested }: Property): void {
    if (values.length === 0 && nested === undefined) {
      const example = `${name.name} 40 ms`;
      this.found('setting/missing', { section: name.name, what: 'a value', example }, name);
    }
    for (const each of nested ?? []) this.checkNested(each);
  }

  /** A number within its limits, in the base unit of one of its dimensions; reports anything else. */
  number(expression: Expression | undefined, what: string, form: NumberForm): number | undefined {
    const value = this.quantity(expression, what, form.dimensions);
    if (value === undefined || expression === undefined || fits(value, form)) return value;
    this.wrong('value/range', what, form.expected, expression);
    return undefined;
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

function isText(value: Expression): boolean {
  if (value.kind === 'number') return value.unit === undefined && Number.isInteger(value.value);
  return value.kind === 'string' || value.kind === 'name';
}
