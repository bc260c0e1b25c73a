/**
 * Lines of CSV to cells (RFC 4180, with any line end and separator), as the text arrives. Lines without quotes are split
 * in one step; work grows with the length of the text alone.
 */

import { DatasetError } from './dataset.ts';

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/** Characters of one record: a colour picture of 224x224 pixels as decimals has some millions. */
const MOST_CHARACTERS = 4 * 2 ** 20;
/** Such a picture has 150,528. */
const MOST_COLUMNS = 2 ** 18;

export class CsvParser {
  private readonly path: string;
  private readonly delimiter: string;
  private rest = '';
  /** No line end before this place in `rest`. */
  private searched = 0;
  private line = 0;
  /** A record with a quote that is still open. */
  private open: { text: string; readonly line: number } | undefined;

  constructor(path: string, delimiter: string) {
    this.path = path;
    this.delimiter = delimiter;
  }

  /** The records that are whole once `text` has followed. @throws DatasetError */
  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    this.rest += text;
    const ends = /\r\n|\n|\r(?!$)/g;
    ends.lastIndex = this.searched;
    let at = 0;
    for (let end = ends.exec(this.rest); end !== null; end = ends.exec(this.rest)) {
      this.take(this.rest.slice(at, end.index), records);
      at = ends.lastIndex;
    }
    this.rest = this.rest.slice(at);
    this.searched = Math.max(0, this.rest.length - 1);
    this.refuseLong(this.rest.length, this.line + 1);
    return records;
  }

  /** What is left at the end of the text. @throws DatasetError */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    const last = this.rest.replace(/\r$/, '');
    this.rest = '';
    if (last !== '') this.take(last, records);
    if (this.open !== undefined) {
      throw new DatasetError(
        `${this.path} is not a regular CSV file: a quote that opens in line ${String(this.open.line)} is not closed. Close it, or remove it.`,
      );
    }
    return records;
  }

  private take(line: string, records: CsvRecord[]): void {
    this.line++;
    const begun = this.open;
    if (begun === undefined && !line.includes('"')) {
      if (line.trim() !== '') records.push(this.record(line.split(this.delimiter), this.line));
      return;
    }
    const text = begun === undefined ? line : `${begun.text}\n${line}`;
    const start = begun?.line ?? this.line;
    this.refuseLong(text.length, start);
    // An open record is looked at again only when a quote came that may close it.
    const cells = begun !== undefined && !line.includes('"') ? undefined : this.quoted(text, start);
    this.open = cells === undefined ? { text, line: start } : undefined;
    if (cells !== undefined) records.push(this.record(cells, start));
  }

  private record(cells: readonly string[], line: number): CsvRecord {
    if (cells.length > MOST_COLUMNS) {
      throw new DatasetError(
        `${this.path}, line ${String(line)}: it has ${String(cells.length)} columns, and at most ${String(MOST_COLUMNS)} are read. Write one sample per line.`,
      );
    }
    return { cells: cells.map((cell) => cell.trim()), line };
  }

  private refuseLong(length: number, line: number): void {
    if (length <= MOST_CHARACTERS) return;
    throw new DatasetError(
      `${this.path}, line ${String(line)}: the line has more than ${String(MOST_CHARACTERS)} characters. Write one sample per line${this.open === undefined ? '' : ', and close the quote that opens there'}.`,
    );
  }

  /** undefined when the last quote is still open. @throws DatasetError */
  private quoted(text: string, line: number): string[] | undefined {
    const cells: string[] = [];
    const stop = this.delimiter;
    for (let at = 0; ;) {
      while (text[at] === ' ') at++;
      let cell = '';
      if (text[at] === '"') {
        for (at++; ; at++) {
          const close = text.indexOf('"', at);
          if (close < 0) return undefined;
          cell += text.slice(at, close);
          at = close + 1;
          if (text[at] !== '"') break;
          cell += '"';
        }
        const next = text.indexOf(stop, at);
        const behind = text.slice(at, next < 0 ? text.length : next);
        if (behind.trim() !== '') {
          throw new DatasetError(
            `${this.path} is not a regular CSV file: in line ${String(line)} something follows a closing quote (${behind.trim().slice(0, 20)}). Write a quote inside of quotes twice.`,
          );
        }
        at = next;
      } else {
        const next = text.indexOf(stop, at);
        cell = text.slice(at, next < 0 ? text.length : next);
        at = next;
      }
      cells.push(cell);
      if (at < 0) return cells;
      at += stop.length;
    }
  }
}
