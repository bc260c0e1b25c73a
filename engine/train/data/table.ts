/** Tables as CSV: one sample per line, numbers, and a column with the class. */

import { parse } from 'csv-parse/sync';
import type { Shape } from '../../space/network.ts';
import type { Samples } from './assemble.ts';
import { DatasetError } from './dataset.ts';
import { readBytes } from './files.ts';

/** Mean and standard deviation by which a column was standardised; the device has to do the same. */
export interface Column {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

export interface Table {
  readonly samples: Samples;
  readonly classNames: readonly string[];
  /** `undefined` when the values are bytes and stay as they are. */
  readonly columns: readonly Column[] | undefined;
}

/** Deviations below this are a constant column. */
const LEAST_DEVIATION = 1e-9;

/** `label` is the name (or number, from 0) of the class column; by default `label` or `class`, else the last one. */
export function readTable(path: string, shape: Shape | undefined, label: string | number | undefined): Table {
  const rows = parseRows(path);
  const [first] = rows;
  if (first === undefined) throw new DatasetError(`${path} has no lines. Write one sample per line.`);
  const headed =
    first.some((cell) => cell !== '' && Number.isNaN(Number(cell))) && rows.length > 1 && isHeader(rows);
  const names = headed ? first : first.map((_, i) => `column ${String(i)}`);
  const body = headed ? rows.slice(1) : rows;
  const labelAt = labelColumn(names, label, path);
  const features = names.map((_, i) => i).filter((i) => i !== labelAt);
  const values = new Float32Array(body.length * features.length);
  body.forEach((row, r) =>
    features.forEach((column, f) => {
      const text = row[column] ?? '';
      const value = Number(text);
      if (text === '' || !Number.isFinite(value)) {
        throw new DatasetError(
          `${path}, line ${String(r + (headed ? 2 : 1))}, ${names[column] ?? ''}: "${text}" is not a number. Correct it, or remove the line.`,
        );
      }
      values[r * features.length + f] = value;
    }),
  );
  const sampleShape = shape ?? [features.length];
  if (sampleShape.reduce((a, b) => a * b, 1) !== features.length) {
    throw new DatasetError(
      `${path} has ${String(features.length)} columns besides the class, but \`input\` is ${sampleShape.join('x')}. Make them agree.`,
    );
  }
  const { labels, classNames } = readLabels(body.map((row) => row[labelAt] ?? ''));
  const bytes = shape?.length === 3 && values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255);
  const columns = bytes
    ? undefined
    : standardize(
        values,
        features.map((i) => names[i] ?? ''),
      );
  return {
    samples: { shape: sampleShape, values: bytes ? Uint8Array.from(values) : values, labels },
    classNames,
    columns,
  };
}

function parseRows(path: string): string[][] {
  try {
    return parse(Buffer.from(readBytes(path)), { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(
      `${path} is not a regular CSV file (${error instanceof Error ? error.message : String(error)}). Give every line the same number of columns.`,
      { cause: error },
    );
  }
}

/** The first line is a header when it has a word in a column where the second has a number. */
function isHeader([first = [], second = []]: readonly string[][]): boolean {
  return first.some((cell, i) => Number.isNaN(Number(cell)) && !Number.isNaN(Number(second[i] ?? 'x')));
}

function labelColumn(names: readonly string[], label: string | number | undefined, path: string): number {
  if (label === undefined) {
    const usual = names.findIndex((name) => /^(label|class|target)$/i.test(name));
    return usual >= 0 ? usual : names.length - 1;
  }
  const at = typeof label === 'number' ? label : names.indexOf(label);
  if (at < 0 || at >= names.length) {
    throw new DatasetError(`${path} has no column "${label}". Its columns are ${names.join(', ')}.`);
  }
  return at;
}

/** Whole numbers from 0 are class indices; anything else is a name, numbered in sorted order. */
function readLabels(texts: readonly string[]): { labels: Int32Array; classNames: string[] } {
  const numbers = texts.map(Number);
  if (numbers.every((n, i) => texts[i] !== '' && Number.isInteger(n) && n >= 0 && n < 65536)) {
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

/** Each column to mean 0 and deviation 1, in place. */
function standardize(values: Float32Array, names: readonly string[]): Column[] {
  const width = names.length;
  const count = values.length / width;
  return names.map((name, c) => {
    let sum = 0;
    let squares = 0;
    for (let r = 0; r < count; r++) sum += values[r * width + c] ?? 0;
    const mean = sum / count;
    for (let r = 0; r < count; r++) squares += ((values[r * width + c] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / count);
    const divisor = deviation < LEAST_DEVIATION ? 1 : deviation;
    for (let r = 0; r < count; r++) values[r * width + c] = ((values[r * width + c] ?? 0) - mean) / divisor;
    return { name, mean, deviation: divisor };
  });
}
