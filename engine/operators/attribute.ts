/**
 * Attributes of operators as codecs: how one is read from what a person wrote, written back, compared, and changed. What
 * an operator has, the reference, completion, printing, the memory of prices and the tests of all rows follow from it.
 */

import { Misfit, outOfRange } from './misfit.ts';
import { elementsOf, MOST_ELEMENTS } from './tensors.ts';
import type { DType, Pair, Shape, TensorSpec } from './tensors.ts';
import { describeValue, isDims, valueText } from './values.ts';
import type { Value } from './values.ts';

/** `count`: a positive integer. `pair`: `3` (square) or `3x1`. `dims`: the shape of a tensor. */
export type ValueKind = 'count' | 'number' | 'pair' | 'dims' | 'word' | 'tensor' | 'switch';

/** Makes a number of a word, always the same for the same. */
export type CodeOf = (word: string) => number;

export interface Attribute<T> {
  /** As the language calls it. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly documentation: string;
  /** For `word` and `switch`. */
  readonly words: readonly string[] | undefined;
  /** `undefined` when it has to be given. */
  readonly default: T | undefined;
  /** The default as a person would write or say it. */
  readonly shownDefault: string | undefined;
  /** Throws {@link Misfit}. @param value is known */
  read(value: Exclude<Value, undefined>): T;
  /** Of the values that mean the same for this input, the one that stands for all. */
  settled(value: T, input: TensorSpec | undefined): T;
  /** As `.nas`; reading it gives the same again. */
  write(value: T): string;
  isSame(left: T, right: T): boolean;
  /** Numbers that equal values share and others do not; as many as follow from those before. */
  key(value: T, key: number[], codeOf: CodeOf): void;
  /** Other values, for tests that change every attribute. */
  others(value: T): readonly T[];
}

/** The attributes of an operator, by the names that programs call them. */
export type Attributes = Readonly<Record<string, Attribute<unknown>>>;

export type ValuesOf<A extends object> = {
  readonly [K in keyof A]: A[K] extends Attribute<infer T> ? T : never;
};

export interface Said<T> {
  readonly name: string;
  readonly documentation: string;
  readonly default?: T;
  readonly shownDefault?: string;
}

/** Of a codec whose values are the same where they are identical, and need not be of a few words. */
export function said<T>(
  { name, documentation, default: otherwise, shownDefault }: Said<T>,
  write: (value: T) => string,
): Omit<Attribute<T>, 'kind' | 'read' | 'key' | 'others'> {
  const shown = shownDefault ?? (otherwise === undefined ? undefined : write(otherwise));
  return {
    name,
    documentation,
    words: undefined,
    default: otherwise,
    shownDefault: shown,
    settled: (value) => value,
    write,
    isSame: Object.is,
  };
}

/** Greatest kernel, stride, dilation, padding or size of a picture along one axis. */
const MOST_IN_A_WINDOW = 65_535;

export function wrongType(what: string, expected: string, value: Value): never {
  throw new Misfit('type', { what, expected, found: describeValue(value) });
}

/** The two extents that `3` or `3x1` stands for. */
export function asPair(value: Value): Pair | undefined {
  if (typeof value === 'number') return [value, value];
  if (!isDims(value) || value.length !== 2) return undefined;
  const [rows = 0, columns = 0] = value;
  return [rows, columns];
}

/** Rows and columns. @param what a message calls it; its name when absent */
export function pair(own: Said<Pair> & { readonly least?: number; readonly what?: string }): Attribute<Pair> {
  const { least = 1, what = own.name } = own;
  const fits = (extent: number): boolean => extent >= least && extent <= MOST_IN_A_WINDOW;
  return {
    ...said(own, ([rows, columns]) => `${rows}x${columns}`),
    kind: 'pair',
    read(value) {
      const found = asPair(value);
      if (found === undefined) wrongType(what, 'a number such as `3` or dimensions such as `3x1`', value);
      const rounded = [Math.round(found[0]), Math.round(found[1])] as const;
      if (!fits(rounded[0]) || !fits(rounded[1]))
        outOfRange(what, `from ${least} to ${MOST_IN_A_WINDOW}`, valueText(value));
      return rounded;
    },
    isSame: (left, right) => left[0] === right[0] && left[1] === right[1],
    key: (value, key) => key.push(value[0], value[1]),
    others: ([rows, columns]) => [
      [rows + 1, columns],
      [rows, columns + 1],
    ],
  };
}

/** A whole number of at least 1, or of at least 0. */
export function count(own: Said<number> & { readonly least?: 0 | 1 }): Attribute<number> {
  const { name, least = 1 } = own;
  return {
    ...said(own, String),
    kind: 'count',
    read(value) {
      if (typeof value !== 'number') wrongType(`number of ${name}`, 'a number', value);
      const rounded = Math.round(value);
      if (!(rounded >= least && rounded < MOST_ELEMENTS))
        outOfRange(`number of ${name}`, `at least ${least} and below ${MOST_ELEMENTS}`, valueText(value));
      return rounded;
    },
    key: (value, key) => key.push(value),
    others: (value) => [value + 1, 2 * Math.max(1, value)],
  };
}

/** Any number that `fits`. */
export function number(
  own: Said<number> & {
    readonly what?: string;
    readonly expected?: string;
    readonly fits?: (value: number) => boolean;
    readonly others?: readonly number[];
  },
): Attribute<number> {
  const { what = own.name, expected = 'finite', fits = Number.isFinite, others = [0.25, 0.75] } = own;
  return {
    ...said(own, String),
    kind: 'number',
    read(value) {
      if (typeof value !== 'number') wrongType(what, 'a number', value);
      if (!fits(value)) outOfRange(what, expected, value);
      return value;
    },
    // As a file stores it.
    isSame: (left, right) => Object.is(Math.fround(left), Math.fround(right)),
    key: (value, key) => key.push(value),
    others: (value) => others.filter((other) => other !== value),
  };
}

/** One of a few words. @param what a message calls it; its name when absent */
export function word<W extends string>(
  own: Said<W> & { readonly words: readonly W[]; readonly what?: string },
): Attribute<W> {
  const { words, what = own.name } = own;
  const listed = [words.slice(0, -1).join(', '), words.at(-1) ?? '']
    .filter((part) => part !== '')
    .join(' or ');
  return {
    ...said(own, (value) => value),
    kind: words.every((each) => each === 'on' || each === 'off') ? 'switch' : 'word',
    words,
    read(value) {
      const said = typeof value === 'boolean' ? (value ? 'on' : 'off') : value;
      return words.find((each) => each === said) ?? wrongType(what, listed, value);
    },
    key: (value, key, codeOf) => key.push(codeOf(value)),
    others: (value) => words.filter((each) => each !== value),
  };
}

/** `on` or `off`. */
export function flag(own: Said<boolean>): Attribute<boolean> {
  return {
    ...said(own, (value) => (value ? 'on' : 'off')),
    kind: 'switch',
    words: ['on', 'off'],
    read: (value) => value === 'on' || value === true,
    key: (value, key) => key.push(value ? 1 : 0),
    others: (value) => [!value],
  };
}

/** The shape of a tensor, of any rank; with `least` 0 a place in one. */
export function dims(own: Said<Shape> & { readonly least?: 0 | 1 }): Attribute<Shape> {
  const { least = 1 } = own;
  return {
    ...said(own, (shape) => shape.join('x')),
    kind: 'dims',
    read(value) {
      const shape = isDims(value) ? value : typeof value === 'number' ? [value] : undefined;
      if (shape === undefined) wrongType(own.name, 'dimensions such as `7x7x16`', value);
      const rounded = shape.map(Math.round);
      if (rounded.some((extent) => !(extent >= least)))
        outOfRange(own.name, `at least ${least} everywhere`, valueText(value));
      return rounded;
    },
    isSame: (left, right) =>
      left.length === right.length && left.every((extent, axis) => extent === right[axis]),
    key: (value, key) => key.push(value.length, ...value),
    others: (value) => [
      [...value].reverse(),
      [elementsOf(value)],
      [...value.slice(0, -1), (value.at(-1) ?? 1) + 1],
    ],
  };
}

/** Words without quotation that nobody lists, such as the name of an operator. */
export function text(own: Said<string>): Attribute<string> {
  return {
    ...said(own, (value) => JSON.stringify(value)),
    kind: 'word',
    read: (value) => (typeof value === 'string' ? value : wrongType(own.name, 'a name', value)),
    key: (value, key, codeOf) => key.push(codeOf(value)),
    others: (value) => [`${value}_2`],
  };
}

export const dtype = (own: Partial<Said<DType>> & { readonly documentation: string }): Attribute<DType> =>
  word<DType>({
    name: 'type',
    words: ['int8', 'uint8', 'int16', 'int32', 'float32'],
    what: 'number format',
    default: 'int8',
    ...own,
  });
