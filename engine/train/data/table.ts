/** Tables as CSV: one sample per line, numbers, and a column with the class. */

import { parse } from 'csv-parse/sync';
import type { Shape } from '../../space/network.ts';
import type { Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';

export interface Table {
  readonly samples: Samples;
  readonly classNames: readonly string[];
  /** Names of the columns, in which the values have a unit each; `undefined` when they are bytes. */
  readonly columns: readonly string[] | undefined;
}

interface Row {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** What a class column is called where nobody says which one it is. */
const USUAL_LABEL = /^(label|class|target)$/i;

/** `label` is the name (or number, from 0) of the class column; by default `label` or `class`, else the last one. */
export function readTable(path: string, shape: Shape | undefined, label: string | number | undefined): Table {
  const rows = parseRows(path);
  const first = rows[0]?.cells;
  if (first === undefined) throw new DatasetError(`${path} has no lines. Write one sample per line.`);
  const headed = rows.length > 1 && isHeader(rows);
  const names = headed ? first : first.map((_, i) => `column ${String(i)}`);
  const body = headed ? rows.slice(1) : rows;
  const labelAt = labelColumn(names, label, path);
  const features = names.map((_, i) => i).filter((i) => i !== labelAt);
  if (features.length === 0) {
    throw new DatasetError(
      `${path} has one column only. Write the numbers of a sample and its class on one line, with commas, semicolons or tabs between them.`,
    );
  }
  const values = new Float32Array(body.length * features.length);
  body.forEach((row, r) =>
    features.forEach((column, f) => {
      values[r * features.length + f] = numberIn(row, column, names, path);
    }),
  );
  const sampleShape = shape ?? [features.length];
  if (sampleShape.reduce((a, b) => a * b, 1) !== features.length) {
    throw new DatasetError(
      `${path} has ${String(features.length)} columns besides the class, but \`input\` is ${sampleShape.join('x')}. Make them agree.`,
    );
  }
  const { labels, classNames } = readLabels(body, labelAt, names, path);
  const bytes = shape?.length === 3 && values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255);
  return {
    samples: { shape: sampleShape, values: bytes ? Uint8Array.from(values) : values, labels },
    classNames,
    columns: bytes ? undefined : features.map((i) => names[i] ?? ''),
  };
}

function parseRows(path: string): Row[] {
  const bytes = Buffer.from(readBytes(path, 'table'));
  try {
    const records: unknown = parse(bytes, {
      bom: true,
      delimiter: delimiterOf(bytes),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    // What `info` makes of a record; the library's types do not follow its options.
    const parsed = records as readonly {
      readonly record: string[];
      readonly info: { readonly lines: number };
    }[];
    return parsed.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    throw new DatasetError(
      `${path} is not a regular CSV file (${error instanceof Error ? error.message : String(error)}). Give every line the same number of columns.`,
      { cause: error },
    );
  }
}

/** Of equally frequent ones the earlier: where there are semicolons, a comma may be a decimal one. */
const DELIMITERS = [';', '\t', ','];
/** Enough for the first line of any table. */
const LOOKED_AT = 65536;

/** The one that is most frequent in the first line, outside of quotes. */
function delimiterOf(bytes: Buffer): string {
  const start = bytes.toString('utf8', 0, LOOKED_AT).trimStart();
  const [line = ''] = start.replace(/"[^"]*"/g, '').split(/[\r\n]/);
  const count = (delimiter: string): number => line.split(delimiter).length - 1;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell !== '' && !Number.isNaN(Number(cell));
}

/**
 * The first line is a header when it has a word in a column where the second has a number, or when it calls a column what
 * a class column is usually called.
 */
function isHeader([first, second]: readonly Row[]): boolean {
  return (first?.cells ?? []).some(
    (cell, i) => cell !== '' && !isNumber(cell) && (isNumber(second?.cells[i]) || USUAL_LABEL.test(cell)),
  );
}

function labelColumn(names: readonly string[], label: string | number | undefined, path: string): number {
  if (label === undefined) {
    const usual = names.findIndex((name) => USUAL_LABEL.test(name));
    return usual >= 0 ? usual : names.length - 1;
  }
  const at = typeof label === 'number' ? label : names.indexOf(label);
  if (!Number.isInteger(at) || at < 0 || at >= names.length) {
    throw new DatasetError(`${path} has no column "${label}". Its columns are ${names.join(', ')}.`);
  }
  return at;
}

function numberIn({ cells, line }: Row, column: number, names: readonly string[], path: string): number {
  const text = cells[column] ?? '';
  if (isNumber(text) && Number.isFinite(Number(text))) return Number(text);
  const what =
    text === ''
      ? 'the value is missing. Fill it in'
      : /^[+-]?\d+,\d+$/.test(text)
        ? `"${text}" is not a number. Write decimals with a point`
        : `"${text}" is not a number. Correct it`;
  throw new DatasetError(
    `${path}, line ${String(line)}, ${names[column] ?? ''}: ${what}, or remove the line.`,
  );
}

/** Whole numbers from 0 are class indices; anything else is a name, numbered in sorted order. */
function readLabels(
  rows: readonly Row[],
  column: number,
  names: readonly string[],
  path: string,
): { labels: Int32Array; classNames: string[] } {
  const place = (row: Row): string => `${path}, line ${String(row.line)}, ${names[column] ?? ''}`;
  for (const row of rows) {
    const text = row.cells[column] ?? '';
    if (text === '') {
      throw new DatasetError(`${place(row)}: the class is missing. Fill it in, or remove the line.`);
    }
    if (isNumber(text) && !Number.isInteger(Number(text))) {
      throw new DatasetError(
        `${place(row)}: ${text} is no class. Classes are whole numbers or names; say which column holds them with \`label\`.`,
      );
    }
  }
  const texts = rows.map(({ cells }) => cells[column] ?? '');
  const numbers = texts.map(Number);
  if (numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 65536)) {
    const count = numbers.reduce((most, n) => Math.max(most, n), 0) + 1;
    return {
      labels: Int32Array.from(numbers),
      classNames: Array.from({ length: count }, (_, i) => String(i)),
    };
  }
  const classNames = [...new Set(texts)].sort();
  const index = new Map(classNames.map((name, i) => [name, i]));
  return { labels: Int32Array.from(texts, (text) => index.get(text) ?? 0), classNames };
}
