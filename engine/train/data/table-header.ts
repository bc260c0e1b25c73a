/** What the first lines of a table say: whether there is a header, how wide it is, which column holds the class. */

import type { CsvRecord } from './csv-records.ts';
import { DatasetError } from './dataset.ts';
import { isNumeral, listed } from './labels.ts';

export interface Layout {
  readonly headed: boolean;
  /** A name for each column; of one without a name its number, from 0. */
  readonly names: readonly string[];
  /** Whether a header leaves the column without a name. */
  readonly unnamed: readonly boolean[];
  readonly label: number;
}

export interface LayoutOptions {
  /** Name of the class column, or its number from 0. */
  readonly label: string | number | undefined;
  /** What the declaration says of the first line; undefined leaves it to be seen. */
  readonly header: boolean | undefined;
  readonly say: (text: string) => void;
}

/** What a class column is called where nobody says which one it is. */
const USUAL_LABEL = /^(?:label|labels|class|classes|target|category)$/i;
/** What stands for a value that is missing: no name of a column. */
const MISSING = /^(?:\?|-|na|n\/a|#n\/a|nan|null|none|[+-]?inf(?:inity)?)$/i;

/** @throws DatasetError when the class column is not there or could be one of several, or the header is in doubt */
export function layoutOf(
  first: CsvRecord,
  body: readonly CsvRecord[],
  path: string,
  options: LayoutOptions,
): Layout {
  const headed = options.header ?? (body.length > 0 && isHeader(first, body, path, options.say));
  const rows = headed ? body : [first, ...body];
  const widths = rows.map(({ cells }) => cells.length);
  const usual = widths[0] ?? first.cells.length;
  let cells = [...first.cells];
  // R leaves the column of row names without a place in the header.
  if (headed && widths.length > 0 && widths.every((width) => width === cells.length + 1)) {
    if (rows.some((row) => row.cells.at(-1) !== '')) cells = ['', ...cells];
  }
  while (cells.length > usual && cells.at(-1) === '') cells.pop();
  const names = cells.map((cell, i) => (headed && cell !== '' ? cell : `column ${String(i)}`));
  const unnamed = cells.map((cell) => headed && cell === '');
  const isEmpty = (column: number): boolean => rows.every((row) => (row.cells[column] ?? '') === '');
  return { headed, names, unnamed, label: labelColumn(names, isEmpty, headed, path, options) };
}

function labelColumn(
  names: readonly string[],
  isEmpty: (column: number) => boolean,
  headed: boolean,
  path: string,
  { label, say }: LayoutOptions,
): number {
  if (label !== undefined) {
    const at = typeof label === 'number' ? label : names.indexOf(label);
    if (!Number.isInteger(at) || at < 0 || at >= names.length) {
      throw new DatasetError(`${path} has no column "${String(label)}". Its columns are ${listed(names)}.`);
    }
    if (typeof label === 'string' && names.includes(label, at + 1)) {
      throw new DatasetError(
        `${path} has several columns "${label}". Say which one holds the class by its number from 0, such as \`label ${String(at)}\`.`,
      );
    }
    return at;
  }
  const usual = names.flatMap((name, i) => (USUAL_LABEL.test(name) ? [i] : []));
  if (usual.length > 1) {
    const found = usual.map((i) => names[i] ?? '');
    throw new DatasetError(
      `${path} has several columns that could hold the class: ${listed(found)}. Say which one with \`label\`, such as \`label "${found[0] ?? ''}"\`, and remove the others, which give it away.`,
    );
  }
  if (usual[0] !== undefined) return usual[0];
  let last = names.length - 1;
  while (last > 0 && isEmpty(last)) last--;
  if (headed) {
    say(
      `${path}: the class is read from the last column, ${names[last] ?? ''}. Write \`label\` with the name of another one if it is not there.`,
    );
  }
  return last;
}

/**
 * The first line is a header when it has a word in a column of numbers, or calls a column what a class column is usually
 * called, or when its numbers merely count the columns.
 * @throws DatasetError when it could be either
 */
function isHeader(
  first: CsvRecord,
  body: readonly CsvRecord[],
  path: string,
  say: (text: string) => void,
): boolean {
  const { cells } = first;
  if (cells.some((cell) => USUAL_LABEL.test(cell))) return true;
  if (cells.some((cell) => isNumeral(cell) && !Number.isInteger(Number(cell)))) return false;
  const holdsNumbers = (i: number): boolean => body.some((row) => isNumeral(row.cells[i] ?? ''));
  const isWord = (cell: string): boolean => cell !== '' && !isNumeral(cell) && !MISSING.test(cell);
  if (cells.some((cell, i) => isWord(cell) && holdsNumbers(i))) {
    // Among words a number may be the name of a column, such as a year, or what the others should be.
    const numbers = cells.filter((cell, i) => isNumeral(cell) && holdsNumbers(i)).map(Number);
    if (numbers.length > 0 && !isCount(numbers))
      throw inDoubt(first, path, 'a header with numbers for names');
    return true;
  }
  return countsColumns(first, body, path, say);
}

function isCount(numbers: readonly number[]): boolean {
  return numbers.length > 1 && numbers.every((value, i) => value === (numbers[0] ?? NaN) + i);
}

function inDoubt({ cells, line }: CsvRecord, path: string, what: string): DatasetError {
  return new DatasetError(
    `${path}, line ${String(line)}: ${listed(cells)} may be ${what}, or a sample. Write \`header on\` or \`header off\` into the dataset declaration.`,
  );
}

/** Columns from which on nobody would take numbers one after the other for a sample, given any further sign. */
const MANY_COLUMNS = 4;

function countsColumns(
  first: CsvRecord,
  body: readonly CsvRecord[],
  path: string,
  say: (text: string) => void,
): boolean {
  const { cells, line } = first;
  const isIndexed = cells[0] === '' && cells.length > 2;
  const counted = (isIndexed ? cells.slice(1) : cells).filter(
    (cell, i, all) => cell !== '' || i < all.length - 1,
  );
  const numbers = counted.map((cell) => (/^\d+$/.test(cell) ? Number(cell) : NaN));
  const start = numbers[0] ?? NaN;
  if (body.length < 2 || !isCount(numbers)) return false;
  const column = (i: number): string[] => body.map((row) => row.cells[isIndexed ? i + 1 : i] ?? '');
  const isOfAnotherKind = numbers.some((_, i) => {
    const values = column(i);
    return (
      values.every((text) => isNumeral(text) && !/^[+-]?\d+$/.test(text)) ||
      values.every((text) => !isNumeral(text) && text !== '')
    );
  });
  const isOutside = numbers.some((value, i) => {
    const values = column(i).map(Number);
    return values.every((each) => each > value) || values.every((each) => each < value);
  });
  const isHeader =
    (isIndexed && body.some((row) => row.cells[0] !== '')) ||
    isOfAnotherKind ||
    (isOutside && counted.length >= MANY_COLUMNS);
  if (isHeader) {
    say(
      `${path}: line ${String(line)} counts the columns (${listed(counted)}) and is taken for a header. Write \`header off\` if it is a sample.`,
    );
    return true;
  }
  if (start > 1 && counted.length < MANY_COLUMNS) return false;
  throw inDoubt(first, path, 'a header that counts the columns');
}
