/**
 * The append-only journal of a run: one JSON object per line, each closed by the CRC-32 of the line without it, each
 * forced to disk before the run goes on. A line that is whole happened; whatever follows the last whole line is
 * what a crash tore off.
 */

import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';

import { FileError, readBytesSync } from '../../files/index.ts';
import { SearchError } from '../errors.ts';
import type { TrialRecord } from '../types.ts';
import { storageError } from './storage.ts';
import { parseStored } from './stored.ts';

interface Timed {
  /** Seconds of active searching up to this record, over all sittings. */
  readonly elapsed: number;
}

export type JournalRecord = Timed &
  (
    | { readonly kind: 'evaluation'; readonly key: string; readonly record: TrialRecord }
    /**
     * A stage began with these trials; `explored` is how many had been proposed, and `ended` why no more were, where
     * neither their number nor the time was the reason.
     */
    | {
        readonly kind: 'stage';
        readonly stage: number;
        readonly epochs: number;
        readonly trials: readonly number[];
        readonly explored: number;
        readonly ended?: 'exhausted' | 'patience' | undefined;
      }
    /** A search began or went on. */
    | {
        readonly kind: 'sitting';
        readonly backend: string;
        readonly data: string;
        readonly workers: number;
        /** Digest of run.json, absent from runs of older versions. */
        readonly settings?: string;
      }
    | { readonly kind: 'finished'; readonly reason: 'trials' | 'budget' | 'exhausted' | 'patience' }
  );

export interface JournalContents {
  readonly records: readonly JournalRecord[];
  /** Bytes that hold whole lines. */
  readonly wholeBytes: number;
  /** What follows them, if anything. */
  readonly torn: Buffer | undefined;
}

const NEWLINE = 0x0a;

/**
 * Reads a journal, without touching it; an absent file is an empty journal.
 * @throws SearchError `journal` when a line before the last is damaged, or the file cannot be read
 */
export function readJournal(path: string): JournalContents {
  const bytes = readAll(path);
  const records: JournalRecord[] = [];
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    const record = end < 0 ? undefined : parseLine(bytes.toString('utf8', start, end));
    if (record === undefined) {
      const isLast = end < 0 || end === bytes.length - 1;
      if (!isLast) throw damaged(path, line);
      return { records, wholeBytes: start, torn: start < bytes.length ? bytes.subarray(start) : undefined };
    }
    if ('fault' in record) throw unusable(path, line, record.fault);
    records.push(record);
    start = end + 1;
  }
}

function readAll(path: string): Buffer {
  try {
    const bytes = readBytesSync(path, 'journal', { links: 'refuse' });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'missing') return Buffer.alloc(0);
    throw new SearchError(
      'journal',
      `${path} cannot be read (it ${error.fault}). Make it a file that you may read, or restore it from a copy.`,
      {
        cause: error,
      },
    );
  }
}

export class Journal {
  readonly path: string;
  private readonly file: number;
  private size: number;

  private constructor(path: string, file: number, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  /**
   * Opens for appending. A torn last line is kept in `<path>.torn` and dropped.
   * @throws SearchError `journal` when it is damaged, `storage` when it cannot be written
   */
  static open(path: string): { readonly journal: Journal; readonly contents: JournalContents } {
    const contents = readJournal(path);
    try {
      if (contents.torn !== undefined)
        appendFileSync(`${path}.torn`, Buffer.concat([contents.torn, Buffer.from('\n')]));
      const file = openSync(path, existsSync(path) ? 'r+' : 'w');
      ftruncateSync(file, contents.wholeBytes);
      fsyncSync(file);
      return { journal: new Journal(path, file, contents.wholeBytes), contents };
    } catch (error) {
      throw storageError(path, error);
    }
  }

  /**
   * Returns once the record is on disk. After a failure the journal ends with the last whole record.
   * @throws SearchError `storage` when it cannot be written, `locked` when somebody else wrote to it
   */
  append(record: JournalRecord): void {
    this.checkSole();
    const line = Buffer.from(formatLine(record));
    try {
      for (let written = 0; written < line.length;) {
        written += writeSync(this.file, line, written, line.length - written, this.size + written);
      }
      fsyncSync(this.file);
      this.size += line.length;
    } catch (error) {
      try {
        ftruncateSync(this.file, this.size);
      } catch {
        // The next opening drops the torn line all the same.
      }
      throw storageError(this.path, error);
    }
  }

  /** A process that was halted while another took over the run finds that here, before it writes over what is new. */
  private checkSole(): void {
    const { size } = fstatSync(this.file);
    if (size === this.size) return;
    throw new SearchError(
      'locked',
      `${this.path} has been changed by something else while this search was working with it: it has ${size} bytes instead of ${this.size}. ` +
        'If another search took over the run, go on with that one; otherwise resume the run.',
    );
  }

  close(): void {
    closeSync(this.file);
  }
}

export function formatLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${json.slice(0, -1)},"crc":"${checksum(json)}"}\n`;
}

// A message quoted in a record may hold line separators of Unicode, which end no line of the journal.
const crcPattern = /^(.*),"crc":"([0-9a-f]{8})"\}$/s;

/** `undefined` for a line that is not whole. */
function parseLine(line: string): JournalRecord | { readonly fault: string } | undefined {
  const match = crcPattern.exec(line);
  const json = `${match?.[1] ?? ''}}`;
  if (match === null || checksum(json) !== match[2]) return undefined;
  // The checksum vouches that nothing got lost, not that a search wrote it: anybody can compute one.
  const stored = parseStored(json, 'journal', 'It');
  if ('fault' in stored) return stored;
  return stored.value as JournalRecord;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function unusable(path: string, line: number, fault: string): SearchError {
  return new SearchError(
    'journal',
    `Line ${line} of ${path} is not as a search writes it. ${fault} Restore the file from a copy, or keep one, delete ` +
      `line ${line} and all after it, and resume: what those lines recorded will be searched again with the same result.`,
  );
}

function damaged(path: string, line: number): SearchError {
  return new SearchError(
    'journal',
    `Line ${line} of ${path} is damaged, so the run cannot be resumed as it is. Keep a copy, delete line ${line} and ` +
      'all after it, and resume: what those lines recorded will be searched again with the same result.',
  );
}
