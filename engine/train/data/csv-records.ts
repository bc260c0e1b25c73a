/** The records of a CSV text while it arrives (RFC 4180, with any line end and separator), by csv-parse. */

import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
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
/** Characters of what a message repeats of the file. */
const REPEATED = 20;

/**
 * Takes the next part of the text when the records of the part before have been taken.
 * @throws DatasetError, or what `texts` throws
 */
export async function* csvRecords(
  path: string,
  delimiter: string,
  texts: AsyncIterable<string>,
): AsyncGenerator<CsvRecord> {
  /** Where the record before ended, and the empty lines up to there. */
  let ended = { lines: 0, empty: 0 };
  const line = (): number => ended.lines + 1 + parser.info.empty_lines - ended.empty;
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    skip_empty_lines: true,
    trim: true,
    // The table says which line is too short or too long.
    relax_column_count: true,
    // A quote within a cell that does not begin with one stands for itself.
    relax_quotes: true,
    on_record: (read, { lines, empty_lines: empty }) => {
      const cells = Object.assign(
        read.map((cell) => cell.trim()),
        { line: line() },
      );
      if (cells.length > MOST_COLUMNS) {
        throw new DatasetError(
          `${path}, line ${String(cells.line)}: it has ${String(cells.length)} columns, and at most ${String(MOST_COLUMNS)} are read. Write one sample per line.`,
        );
      }
      ended = { lines, empty };
      // The next one counts as the first, too: csv-parse makes an error with a stack for each record that is not as long
      // as the first, although they may differ, and takes ten times as long.
      Object.assign(parser.info, { records: 0 });
      return cells;
    },
  });
  /** The part that is being read, and the bytes before it. */
  let part = Buffer.alloc(0);
  let before = 0;
  async function* parts(): AsyncGenerator<Buffer> {
    // The `max_record_size` of csv-parse does not count separators: a line of commas would grow without end.
    let begun = { line: 1, characters: 0 };
    for await (const text of withOneLineEnd(texts)) {
      if (line() !== begun.line) begun = { line: line(), characters: 0 };
      if (begun.characters > MOST_CHARACTERS) {
        throw new DatasetError(
          `${path}, line ${String(begun.line)}: the line has more than ${String(MOST_CHARACTERS)} characters. Write one sample per line${parser.info.lines > begun.line ? ', and close the quote that opens there' : ''}.`,
        );
      }
      begun.characters += text.length;
      before += part.length;
      part = Buffer.from(text);
      yield part;
    }
  }
  pipeline(parts(), parser, () => {
    // Whoever takes the records hears of it.
  });
  try {
    const records: AsyncIterable<readonly string[] & { readonly line: number }> = parser;
    for await (const cells of records) yield { cells, line: cells.line };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const cell = part.subarray(Math.max(0, parser.info.bytes - before)).toString();
    throw refusal(path, line(), error, behindQuote(cell, delimiter));
  }
}

function refusal(path: string, line: number, error: CsvError, behind: string): DatasetError {
  const fault =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `a quote that opens in line ${String(line)} is not closed. Close it, or remove it.`
      : `in line ${String(line)} something follows a closing quote${behind === '' ? '' : ` (${behind})`}. Write a quote inside of quotes twice.`;
  return new DatasetError(`${path} is not a regular CSV file: ${fault}`, { cause: error });
}

/** What stands between the quote that closes the first cell and the next separator. */
function behindQuote(text: string, delimiter: string): string {
  const [, rest = ''] = /^[^"]*"[^"]*(?:""[^"]*)*"([^\n]*)/.exec(text) ?? [];
  return (rest.split(delimiter, 1)[0] ?? '').trim().slice(0, REPEATED);
}

/** Also within quotes, where csv-parse would count `\r\n` as two lines. */
async function* withOneLineEnd(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let kept = '';
  for await (const text of texts) {
    const all = kept + text;
    kept = all.endsWith('\r') ? '\r' : '';
    yield all.slice(0, all.length - kept.length).replace(/\r\n?/g, '\n');
  }
  if (kept !== '') yield '\n';
}
