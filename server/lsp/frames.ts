/**
 * Lets whole messages through and drops the rest. `vscode-jsonrpc` stops reading for good behind a header that it
 * cannot read, and behind a length that is too large it waits for bytes that belong to later messages. Here a broken
 * message is told and reading goes on with the next header: JSON has no raw line ends in its strings, so that a header
 * inside a message shows that the message has ended.
 */

import { Transform, type TransformCallback } from 'node:stream';

const headerEnd = '\r\n\r\n';
const name = 'Content-Length:';
/** Longer headers are none. */
const longestHeader = 4096;
/** Bytes of a message; the longest document that is read has a tenth of it. */
const longestMessage = 128 * 1024 * 1024;
/** A header within a message, and how many bytes of it may lie in the next chunk. */
const innerHeader = /Content-Length: *\d{1,10}\r\n/i;
const longestInner = 40;

export class Frames extends Transform {
  readonly #tell: (fault: string) => void;
  /** Bytes that are not passed on yet: those of `#data` up to `#length`. */
  #data = Buffer.alloc(0);
  #length = 0;
  /** Bytes of the message whose header was read. */
  #expected: number | undefined;
  /** Bytes that were looked through for a header already. */
  #searched = 0;
  /** Between a broken message and the next header. */
  #lost = false;

  /** @param tell is given one sentence for each message that was dropped */
  constructor(tell: (fault: string) => void) {
    super();
    this.#tell = tell;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#append(chunk);
    while (this.#expected === undefined ? this.#header() : this.#body());
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#length > 0 && !this.#lost) this.#tell('The input ended in the middle of a message.');
    done();
  }

  #append(chunk: Buffer): void {
    if (this.#length + chunk.length > this.#data.length) {
      const grown = Buffer.allocUnsafe(2 * (this.#length + chunk.length));
      this.#data.copy(grown, 0, 0, this.#length);
      this.#data = grown;
    }
    chunk.copy(this.#data, this.#length);
    this.#length += chunk.length;
  }

  #drop(count: number): void {
    // Not moved within the old memory, of which what was passed on is a part.
    this.#data = this.#data.subarray(count);
    this.#length -= count;
    this.#searched = 0;
  }

  /** The bytes that are here, as characters of one byte each. */
  #text(from: number, to: number): string {
    return this.#data.toString('latin1', from, Math.min(to, this.#length));
  }

  /** Reads a header. Returns whether there is more to do with the bytes that are here. */
  #header(): boolean {
    if (this.#length === 0) return false;
    const start = this.#text(0, longestHeader);
    if (this.#lost) return this.#resume();
    const end = start.indexOf(headerEnd);
    if (end === -1 && start.length < longestHeader && isBeginning(start)) return false;
    const length = end === -1 ? undefined : lengthIn(start.slice(0, end));
    if (length === undefined) return this.#lose(`has no header that can be read: ${shown(start)}`);
    if (length > longestMessage) return this.#lose(`has ${length} bytes, more than ${longestMessage}`);
    this.#drop(end + headerEnd.length);
    this.#expected = length;
    return true;
  }

  #body(): boolean {
    const expected = this.#expected ?? 0;
    const here = Math.min(expected, this.#length);
    const inner = innerHeader.exec(this.#text(this.#searched, here));
    if (inner !== null) return this.#shortened(this.#searched + inner.index);
    this.#searched = Math.max(0, here - longestInner);
    if (this.#length < expected) return false;
    this.#pass(expected);
    return true;
  }

  /** The message ends before its length says so: it is passed on if it is whole. */
  #shortened(end: number): boolean {
    const body = this.#data.toString('utf8', 0, end).trimEnd();
    if (isJson(body)) this.#pass(end);
    else {
      this.#complain(`is shorter than its length says: ${shown(body)}`);
      this.#expected = undefined;
      this.#drop(end);
    }
    return true;
  }

  #pass(length: number): void {
    this.push(`Content-Length: ${length}${headerEnd}`);
    this.push(this.#data.subarray(0, length));
    this.#drop(length);
    this.#expected = undefined;
  }

  #lose(why: string): true {
    this.#complain(why);
    this.#lost = true;
    return true;
  }

  #complain(why: string): void {
    this.#tell(`A message of the client ${why}. It is passed over.`);
  }

  /** Goes on with the next header, if it is here. */
  #resume(): boolean {
    // The one that was broken is not tried again.
    const text = this.#text(0, this.#length).toLowerCase();
    const next = text.indexOf(name.toLowerCase(), text.startsWith(name.toLowerCase()) ? 1 : 0);
    this.#drop(next === -1 ? Math.max(0, this.#length - name.length) : next);
    this.#lost = next === -1;
    return !this.#lost;
  }
}

/** What may become a header: printable characters and line ends, with a colon in each line that is finished. */
function isBeginning(text: string): boolean {
  return (
    /^[\x20-\x7e\r\n]*$/.test(text) &&
    text
      .split('\r\n')
      .slice(0, -1)
      .every((line) => line.includes(':'))
  );
}

/** The length that a header gives; `undefined` when it gives none, or lines are no header. */
function lengthIn(header: string): number | undefined {
  let length: number | undefined;
  for (const line of header.split('\r\n')) {
    const [, key, value = ''] = /^([\w-]+): *(.*?) *$/.exec(line) ?? [];
    if (key === undefined) return undefined;
    if (key.toLowerCase() !== 'content-length') continue;
    if (!/^\d{1,10}$/.test(value)) return undefined;
    length = Number(value);
  }
  return length;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
