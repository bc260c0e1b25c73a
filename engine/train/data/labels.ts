/** Labels are names. Classes are the names that the training samples bear, numbered in sorted order. */

import { DatasetError } from './dataset.ts';

/** Labels of one split as they were read, and where each of them stands. */
export interface RawLabels {
  readonly labels: readonly string[];
  /** e.g. `table.csv, line 7, class`: what a message about the label of sample `i` begins with. */
  readonly placeOf: (sample: number) => string;
}

export interface NumberedLabels {
  readonly classNames: readonly string[];
  /** Class indices of each split, in the order given. */
  readonly indices: readonly Int32Array[];
}

export interface LabelOptions {
  /** The number of classes that the declaration states. */
  readonly declared?: number | undefined;
  /** Names of folders stay as they are: `01` and `1` are two. */
  readonly verbatim?: boolean | undefined;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const NUMERAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function isNumeral(text: string): boolean {
  return NUMERAL.test(text);
}

/**
 * Numbers the labels of the first split and looks those of the others up. Numbers come first, by value, and are one
 * label however they are written (`1`, `1.0`, `01`, `1e0`); texts follow in the order of their characters.
 * @throws DatasetError for a label that does not occur in training, or quantities in place of classes
 */
export function numberLabels(
  splits: readonly [RawLabels, ...RawLabels[]],
  { declared, verbatim = false }: LabelOptions = {},
): NumberedLabels {
  const written = new Set(splits.flatMap(({ labels }) => [...new Set(labels)]));
  // Among words `1e5` may be one of them; where all are numbers it is one, as numpy.savetxt writes it.
  const pattern = [...written].every((text) => NUMERAL.test(text)) ? NUMERAL : DECIMAL;
  const nameOf = new Map(
    [...written].map((text) => [text, !verbatim && pattern.test(text) ? shortest(text) : text]),
  );
  const name = (text: string): string => nameOf.get(text) ?? text;
  const [training] = splits;
  const classNames = [...new Set(training.labels.map(name))].sort(byValueThenText);
  refuseQuantities(training, classNames, declared);
  const index = new Map(classNames.map((each, i) => [each, i]));
  const indices = splits.map(({ labels, placeOf }) =>
    Int32Array.from(labels, (text, i) => {
      const at = index.get(name(text));
      if (at !== undefined) return at;
      throw new DatasetError(
        `${placeOf(i)}: no training sample has the class ${name(text)}; the classes are ${listed(classNames)}. Correct the label, or remove the sample.`,
      );
    }),
  );
  return { classNames, indices };
}

/** Measurements in place of classes are hardly ever the same twice; what is broken and told of by nobody is one, too. */
function refuseQuantities(
  { labels, placeOf }: RawLabels,
  classNames: readonly string[],
  declared: number | undefined,
): void {
  const count = labels.length;
  if (classNames.length === declared) return;
  const broken = labels.findIndex((text) => NUMERAL.test(text) && !Number.isInteger(Number(text)));
  if (broken >= 0 && classNames.every((each) => NUMERAL.test(each)) && classNames.length * 2 > count) {
    throw new DatasetError(
      `${placeOf(broken)}: ${labels[broken] ?? ''} is no class. Classes are whole numbers or names that recur; a table says which column holds them with \`label\`.`,
    );
  }
  if (count > 2 && classNames.length === count) {
    throw new DatasetError(
      `${placeOf(0)}: each of the ${String(count)} samples has a label of its own, so that there is nothing to tell apart. Name the right labels; a table says which column holds them with \`label\`.`,
    );
  }
}

/** A number without what does not change its value; exact for whole numbers of any length. */
function shortest(text: string): string {
  if (!DECIMAL.test(text)) return String(Number(text));
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  const value = rest === '' ? digits : `${digits}.${rest}`;
  return negative && value !== '0' ? `-${value}` : value;
}

function byValueThenText(a: string, b: string): number {
  const [x, y] = [NUMERAL.test(a), NUMERAL.test(b)];
  if (x !== y) return x ? -1 : 1;
  const difference = x ? Number(a) - Number(b) : 0;
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

const MOST_LISTED = 12;

/** Names in a message, the first of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${String(names.length - MOST_LISTED)} more` : shown;
}
