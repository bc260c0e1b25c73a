/** How often a repeat can run its statement. */

import type { Expression, RangeExpression, Repeat } from '../../../grammar/ast.ts';
import { equalValues, type Value, valueText } from '../../operators/values.ts';
import { finding } from '../problems/catalogue.ts';
import type { Reader } from './body.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import { hullOfOptions, hullOfValue } from './hulls.ts';
import { possibleValues } from './possible-values.ts';
import { CHOICE_LIMIT, rangeValues } from './ranges.ts';
import type { Slot } from './slots.ts';

/** More repetitions than a network has layers. */
const REPEAT_LIMIT = 256;

/** Repetitions of a statement. */
export interface Times {
  /** Whether, with what was drawn, there is another repetition after so many. */
  readonly count: Compiled;
  /** The fewest and the most that any draw gives. */
  readonly least: number;
  readonly most: number;
}

const once: Pick<Times, 'least' | 'most'> = { least: 1, most: 1 };

/** Draws how often, and says between which numbers that lies. What cannot be counted is reported, and runs once. */
export function repeatCounts(
  elaborator: Elaborator,
  { count: expression }: Repeat,
  reader: Reader,
  id: string,
): Times {
  if (expression.kind === 'range') {
    const between = betweenDrawn(elaborator, expression, reader, id);
    if (between !== undefined) return between;
  }
  const count = elaborator.forced(expression, reader, id, elaborator.current, 'repeat');
  const counts = wholeNumbers(elaborator, count, expression, reader);
  if (counts === undefined) return { count, ...once };
  if (counts.length === 0) elaborator.doubt();
  return counts.length === 0 ? { count, ...once } : { count, least: min(counts), most: max(counts) };
}

/**
 * `x0..n`, where `n` is drawn: one choice among all numbers that the bounds can enclose, and those architectures are left
 * out in which it lies outside of what they enclose there. `undefined` where both bounds are fixed.
 */
function betweenDrawn(
  elaborator: Elaborator,
  range: RangeExpression,
  reader: Reader,
  id: string,
): Times | undefined {
  const { low, high } = range;
  if (range.log !== undefined || (low.kind === 'number' && high.kind === 'number')) return undefined;
  const { body } = reader;
  const bounds = [
    elaborator.compile(low, body, `${id}/least`),
    elaborator.compile(high, body, `${id}/most`),
  ] as const;
  if (bounds.every(({ constant }) => constant)) return undefined;
  const [from, to] = [
    elaborator.forced(low, reader, `${id}/least`),
    elaborator.forced(high, reader, `${id}/most`),
  ];
  const lows = wholeNumbers(elaborator, from, low, reader);
  const highs = wholeNumbers(elaborator, to, high, reader);
  if (lows === undefined || highs === undefined) return { count: from, ...once };
  const values = rangeValues(range, (bound) => {
    if (bound === low) return min(lows);
    if (bound === high) return max(highs);
    const step = elaborator.compile(bound, body, `${id}/step`);
    const value = step.constant ? step.evaluate([]) : undefined;
    return typeof value === 'number' ? value : undefined;
  });
  if (values === undefined || 'broken' in values || lows.length === 0 || highs.length === 0) {
    if (lows.length > 0 && highs.length > 0) {
      const ends = { low: String(min(lows)), high: String(max(highs)) };
      elaborator.report(finding('range/empty', ends), body.file.file, range);
    }
    elaborator.doubt();
    return { count: from, ...once };
  }
  const slot = elaborator.choice(id, 'repeat', values, body.file, range);
  elaborator.emitter.draw(slot);
  const reads: Slot[] = [slot];
  for (const bound of [...from.reads, ...to.reads]) if (!reads.includes(bound)) reads.push(bound);
  const valueIn = (registers: readonly number[]): number => values[(registers[slot.register] ?? 0) - 1] ?? 0;
  const condition: Compiled = {
    constant: false,
    evaluate: (registers) => {
      const [least, most] = [from.evaluate(registers), to.evaluate(registers)];
      if (typeof least !== 'number' || typeof most !== 'number') return undefined;
      const value = valueIn(registers);
      return least <= value && value <= most;
    },
    reads,
    draws: [],
    fault: undefined,
  };
  const statement = elaborator.origins.get(reader.statement) ?? reader.statement;
  const source = body.file.sourceOf(statement);
  elaborator.emitter.emit({ kind: 'require', condition, statement, source, reads });
  const hulls = values.map((value) => ({ hull: hullOfValue(value) }));
  const count: Compiled = {
    constant: false,
    evaluate: valueIn,
    reads: [slot],
    draws: [],
    fault: undefined,
    hull: hullOfOptions(slot, hulls),
  };
  return { count, least: min(values), most: max(values) };
}

/** What it can come to; `undefined` when that is reported. */
function wholeNumbers(
  elaborator: Elaborator,
  count: Compiled,
  expression: Expression,
  { body }: Reader,
): readonly number[] | undefined {
  const { file, text } = body.file;
  const values = possibleValues(count, CHOICE_LIMIT);
  if (values === undefined) {
    elaborator.report(
      finding('value/not-constant', { what: 'number of repetitions', orDrawn: true }),
      file,
      expression,
    );
    elaborator.doubt();
    return undefined;
  }
  const counts: number[] = [];
  for (const value of values) {
    if (value === undefined) continue;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= REPEAT_LIMIT) {
      counts.push(value);
      continue;
    }
    const isMany = typeof value === 'number' && value > REPEAT_LIMIT;
    const found = isMany
      ? finding('range/too-large', { what: 'repeat', count: value, limit: REPEAT_LIMIT })
      : finding('repeat/count', {
          found: valueText(value),
          instead: wholeInstead(text.slice(expression.start, expression.end), value, values.length === 1),
        });
    elaborator.report(found, file, expression);
    elaborator.doubt();
    return undefined;
  }
  return counts;
}

/** What to write in place of a count that is broken or negative; behind `x` a value that is no number stands in brackets. */
function wholeInstead(written: string, value: Value, isOnly: boolean): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (isOnly) return String(Math.max(0, Math.round(value)));
  const inner = /^\([^()]*\)$/.test(written) ? written.slice(1, -1) : written;
  const rounded = equalValues(value, Math.round(value)) === true ? inner : `round(${inner})`;
  return value < 0 ? `(max(0, ${rounded}))` : `(${rounded})`;
}

function min(values: readonly number[]): number {
  return Math.min(...values);
}

function max(values: readonly number[]): number {
  return Math.max(...values);
}
