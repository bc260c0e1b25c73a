/** A CSV file record by record, part by part from the disk, so that it can be stopped and never stands in memory whole. */

import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { RegularFile } from '../../files/index.ts';
import { csvRecords, type CsvRecord } from './csv-records.ts';
import { DatasetError } from './dataset.ts';
import { refused } from './files.ts';
import { refuseLarge } from './limits.ts';
import { isGzip } from './unpack.ts';

export interface CsvOptions {
  /** Hears how far it is, in files that take a while. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface CsvFile {
  readonly delimiter: string;
  /** Throws a DatasetError, or the reason of the signal. */
  readonly records: AsyncGenerator<CsvRecord>;
}

const PART_BYTES = 2 ** 18;
/** How often the person hears of it. */
const PROGRESS_BYTES = 32 * 2 ** 20;

/** @throws DatasetError */
export async function openCsv(path: string, options: CsvOptions): Promise<CsvFile> {
  const texts = decoded(path, unpacked(path, options), options);
  const first = await texts.next();
  const start = first.done === true ? '' : first.value.replace(/^\ufeff/, '');
  const [line = '', announced] = /^\s*"?sep=(.)"?[ \t]*(?:\r\n|\n|\r|$)/i.exec(start) ?? [];
  const delimiter = announced ?? delimiterOf(start.slice(line.length));
  async function* all(): AsyncGenerator<string> {
    // The line that names the separator counts, too.
    yield line === '' ? start : `${/[\r\n]+$/.exec(line)?.[0] ?? ''}${start.slice(line.length)}`;
    yield* texts;
  }
  return { delimiter, records: csvRecords(path, delimiter, all()) };
}

/** The bytes of the file, part by part. */
async function* parts(path: string, { say, signal }: CsvOptions): AsyncGenerator<Uint8Array> {
  let file: RegularFile;
  try {
    file = RegularFile.open(path, 'table');
  } catch (error) {
    throw refused(error);
  }
  const megabytes = (bytes: number): string => String(Math.round(bytes / 2 ** 20));
  try {
    for (let at = 0; at < file.size;) {
      await setImmediate();
      signal?.throwIfAborted();
      const bytes = new Uint8Array(Math.min(PART_BYTES, file.size - at));
      const read = file.read(bytes, at);
      if (read === 0) throw new DatasetError(`${path} changes while it is being read. Try again.`);
      yield bytes.subarray(0, read);
      if (Math.floor((at + read) / PROGRESS_BYTES) > Math.floor(at / PROGRESS_BYTES)) {
        say(`${path}: ${megabytes(at + read)} of ${megabytes(file.size)} MB are read.`);
      }
      at += read;
    }
  } finally {
    file.close();
  }
}

async function* unpacked(path: string, options: CsvOptions): AsyncGenerator<Uint8Array> {
  const source = parts(path, options);
  const first = await source.next();
  if (first.done === true) return;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first.value as Uint8Array;
    yield* source;
  }
  if (!isGzip(first.value)) {
    yield* all();
    return;
  }
  let total = 0;
  try {
    for await (const part of Readable.from(all()).compose(createGunzip())) {
      const bytes = part as Uint8Array;
      total += bytes.length;
      refuseLarge(total, path, 'unpacks to more than');
      yield bytes;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(
      `${path} is a damaged gzip file (it is cut off or was changed). Fetch it again, or delete it.`,
      { cause: error },
    );
  }
}

/** As UTF-8, as UTF-16 where a mark says so, or else as what Windows writes in western Europe. */
async function* decoded(
  path: string,
  bytes: AsyncGenerator<Uint8Array>,
  { say }: CsvOptions,
): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  // What the decoder may have kept of the part before: a character can lie across the two.
  let kept = new Uint8Array();
  for await (const part of bytes) {
    if (decoder === undefined) {
      refuseBinary(path, part);
      decoder = new TextDecoder(wideEncoding(part) ?? 'utf-8', { fatal: true });
    }
    try {
      yield decoder.decode(part, { stream: true });
    } catch {
      say(
        `${path} is not in UTF-8; its texts are read as Windows-1252. Save it as UTF-8 if names look wrong.`,
      );
      decoder = new TextDecoder('windows-1252');
      yield decoder.decode(Buffer.concat([kept, part]), { stream: true });
    }
    kept = begunCharacter(part);
  }
}

/** The last bytes, where they begin a character of UTF-8 and do not end it. */
function begunCharacter(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  for (let length = 1; length <= 3; length++) {
    const byte = bytes.at(-length) ?? 0;
    if (byte < 0x80) break;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (needed > 0) return Uint8Array.from(needed > length ? bytes.subarray(-length) : []);
  }
  return new Uint8Array();
}

function wideEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function refuseBinary(path: string, bytes: Uint8Array): void {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;
  if (!isZip && (wideEncoding(bytes) !== undefined || !bytes.includes(0))) return;
  throw new DatasetError(
    `${path} is ${isZip ? 'a zip file, such as a workbook of Excel,' : 'not text'} and cannot be read as a table. Save the table as CSV.`,
  );
}

/** In this order, since where there are semicolons a comma may be a decimal one. */
const DELIMITERS = [';', '\t', '|', ','];
const LINES_LOOKED_AT = 5;

/** The first that is in every one of the first lines equally often, or else the most frequent in the first line. */
function delimiterOf(start: string): string {
  const lines = start
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '');
  // The last one may be cut off.
  const looked = lines.slice(0, Math.max(1, Math.min(LINES_LOOKED_AT, lines.length - 1)));
  const count = (line: string | undefined, delimiter: string): number =>
    (line ?? '').split(delimiter).length - 1;
  const regular = DELIMITERS.find((each) => {
    const expected = count(looked[0], each);
    return expected > 0 && looked.every((line) => count(line, each) === expected);
  });
  const frequent = (best: string, each: string): string =>
    count(looked[0], each) > count(looked[0], best) ? each : best;
  return regular ?? DELIMITERS.reduce(frequent);
}
