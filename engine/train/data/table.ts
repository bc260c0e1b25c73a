/** Tables as CSV: one sample per line, numbers, and a column with the class. */

import { counted } from '../../space/index.ts';
import type { Shape } from '../../space/network.ts';
import type { Samples } from './assemble.ts';
import { openCsv } from './csv-file.ts';
import type { CsvRecord } from './csv-records.ts';
import { DatasetError } from './dataset.ts';
import { listed } from './labels.ts';
import { refuseMany } from './limits.ts';
import { TableColumns } from './table-columns.ts';
import { type Layout, layoutOf } from './table-header.ts';

export interface Table {
  readonly samples: Samples;
  /** Names of the columns, in which the values have a unit each; `undefined` when they are bytes. */
  readonly columns: readonly string[] | undefined;
}

export interface TableOptions {
  readonly shape: Shape | undefined;
  /** Name of the class column, or its number from 0; by default what is called `label` or `class`, else the last one. */
  readonly label: string | number | undefined;
  /** Whether the first line is a header, where the declaration says so. */
  readonly header: boolean | undefined;
  /** Hears of progress and of what is left out. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Records that are looked at before it is decided what the table looks like. */
const HEAD_RECORDS = 1000;
const HEAD_CELLS = 2 ** 20;

/** @throws DatasetError, or the reason of the signal */
export async function readTable(path: string, options: TableOptions): Promise<Table> {
  const { delimiter, records } = await openCsv(path, options);
  const head: CsvRecord[] = [];
  let cells = 0;
  let reader: TableReader | undefined;
  for await (const record of records) {
    if (record.cells.every((cell) => cell === '')) continue;
    if (reader !== undefined) {
      reader.add(record);
      continue;
    }
    head.push(record);
    cells += record.cells.length;
    if (head.length >= HEAD_RECORDS || cells >= HEAD_CELLS) reader = begin(head, path, delimiter, options);
  }
  reader ??= begin(head, path, delimiter, options);
  return reader.table(options);
}

function begin(
  head: readonly CsvRecord[],
  path: string,
  delimiter: string,
  options: TableOptions,
): TableReader {
  const [first, ...body] = head;
  if (first === undefined) throw new DatasetError(`${path} has no lines. Write one sample per line.`);
  const layout = layoutOf(first, body, path, options);
  if (layout.names.length < 2) {
    throw new DatasetError(
      `${path} has one column only. Write the numbers of a sample and its class on one line, with commas, semicolons or tabs between them.`,
    );
  }
  const reader = new TableReader(path, delimiter, layout);
  for (const record of layout.headed ? body : head) reader.add(record);
  return reader;
}

class TableReader {
  private readonly path: string;
  private readonly layout: Layout;
  private readonly columns: TableColumns;
  private readonly labels: string[] = [];
  private readonly lines: number[] = [];
  /** Each text once, so that the lines it stood in can be forgotten. */
  private readonly texts = new Map<string, string>();

  constructor(path: string, delimiter: string, layout: Layout) {
    this.path = path;
    this.layout = layout;
    this.columns = new TableColumns(path, layout, delimiter !== ',');
  }

  /** @throws DatasetError */
  add({ cells, line }: CsvRecord): void {
    const { names, label } = this.layout;
    const width = names.length;
    const isLonger = cells.length > width && cells.slice(width).every((cell) => cell === '');
    if (cells.length !== width && !isLonger) {
      throw new DatasetError(
        `${this.path} is not a regular CSV file: line ${String(line)} has ${counted(cells.length, 'column')}, and ${String(width)} are expected. Give every line the same number of columns.`,
      );
    }
    const text = cells[label] ?? '';
    if (text === '' || /^nan$/i.test(text)) {
      throw new DatasetError(
        `${this.path}, line ${String(line)}, ${names[label] ?? ''}: the class is missing. Fill it in, or remove the line.`,
      );
    }
    if (!this.texts.has(text)) this.texts.set(text, text);
    this.labels.push(this.texts.get(text) ?? text);
    this.lines.push(line);
    this.columns.add(cells, line);
    refuseMany(this.labels.length, this.path);
  }

  /** @throws DatasetError */
  table({ shape, say }: TableOptions): Table {
    const { path, labels, lines, layout } = this;
    const { values, names, left } = this.columns.finish(labels.length, say);
    const sampleShape = shape ?? [names.length];
    if (names.length === 0) {
      throw new DatasetError(`${path} has no column of numbers besides the class. Write at least one.`);
    }
    if (sampleShape.reduce((a, b) => a * b, 1) !== names.length) {
      const without =
        left.length === 0
          ? ''
          : `, without ${listed(left)}, which ${left.length === 1 ? 'is' : 'are'} left out`;
      throw new DatasetError(
        `${path} has ${counted(names.length, 'column')} besides the class${without}, but \`input\` is ${sampleShape.join('x')}. Make them agree.`,
      );
    }
    const bytes = shape?.length === 3 && values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255);
    const samples: Samples = {
      shape: sampleShape,
      values: bytes ? Uint8Array.from(values) : values,
      labels,
      from: path,
      placeOf: (i) => `${path}, line ${String(lines[i])}, ${layout.names[layout.label] ?? ''}`,
    };
    return { samples, columns: bytes ? undefined : names };
  }
}
