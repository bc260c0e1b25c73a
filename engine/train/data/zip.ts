/**
 * Zip files (APPNOTE.TXT of PKWARE, sections 4.3 to 4.5): the directory first, and of the entries only those that are
 * asked for, so that what nobody wants is neither read nor unpacked.
 */

import { crc32 } from 'node:zlib';
import { inflate, inflatedStart } from './unpack.ts';

/** A file, or bytes. */
export interface Readable {
  readonly size: number;
  /** Exactly `length` bytes. Throws when there are fewer. */
  readonly read: (position: number, length: number) => Uint8Array;
}

export interface ZipEntry {
  readonly name: string;
  /** Bytes once it is unpacked, as the directory says. */
  readonly size: number;
  /** The first bytes of the content, at most two megabytes. */
  readonly start: () => Uint8Array;
  /** The whole content. Throws an error with the cause when it is not what was packed. */
  readonly content: () => Uint8Array;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
/** A comment at the end of the file is at most so long. */
const LONGEST_COMMENT = 65535;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const LARGE_END_BYTES = 56;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** In place of a number that does not fit; it stands in an extra field then. */
const ELSEWHERE = 0xffffffff;
const LARGE_EXTRA = 1;
const STORED = 0;
const DEFLATED = 8;
const START_BYTES = 65536;
/** A directory of some hundred thousand entries. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;

export function readZip(file: Readable): ZipEntry[] {
  const { at: start, size } = directoryOf(file);
  if (size > MOST_DIRECTORY_BYTES) throw new Error('its directory is too long');
  const view = viewOf(file.read(start, size));
  const found: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= size && view.getUint32(at, true) === ENTRY;) {
    const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    if (extraEnd > size) throw new Error('its directory is cut off');
    found.push(entryAt(file, view, at, nameEnd, extraEnd));
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return found;
}

/** Where the list of entries begins, and its bytes. */
function directoryOf(file: Readable): { readonly at: number; readonly size: number } {
  const length = Math.min(file.size, END_BYTES + LONGEST_COMMENT);
  const base = file.size - length;
  const view = viewOf(file.read(base, length));
  for (let end = length - END_BYTES; end >= 0; end--) {
    if (view.getUint32(end, true) !== END_OF_DIRECTORY) continue;
    const locator = end - LOCATOR_BYTES;
    if (locator >= 0 && view.getUint32(locator, true) === LOCATOR) {
      const large = viewOf(file.read(large64(view, locator + 8), LARGE_END_BYTES));
      return { at: large64(large, 48), size: large64(large, 40) };
    }
    return { at: view.getUint32(end + 16, true), size: view.getUint32(end + 12, true) };
  }
  throw new Error('it has no directory');
}

function entryAt(file: Readable, view: DataView, at: number, nameEnd: number, extraEnd: number): ZipEntry {
  const method = view.getUint16(at + 10, true);
  const checksum = view.getUint32(at + 16, true);
  const name = new TextDecoder().decode(bytesOf(view, at + ENTRY_BYTES, nameEnd));
  const large = largeNumbers(view, nameEnd, extraEnd);
  // In this order the extra field holds those that do not fit, and no others.
  const [size = 0, packed = 0, local = 0] = [24, 20, 42].map((place) => {
    const value = view.getUint32(at + place, true);
    return value === ELSEWHERE ? large() : value;
  });
  const stored = (most: number): Uint8Array => {
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw new Error('it is encrypted');
    if (method !== STORED && method !== DEFLATED) throw new Error('it is packed in another way than deflate');
    const header = viewOf(file.read(local, LOCAL_BYTES));
    const from = local + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
    return file.read(from, Math.min(packed, most));
  };
  return {
    name,
    size,
    start: () => (method === DEFLATED ? inflatedStart(stored(START_BYTES)) : stored(START_BYTES)),
    content: () => {
      const bytes = method === DEFLATED ? inflate(stored(packed), size) : stored(packed);
      if (bytes.length !== size) throw new Error('its length is not the one that was saved with it');
      if (crc32(bytes) !== checksum) throw new Error('its checksum is not the one that was saved with it');
      return bytes;
    },
  };
}

/** Reads one 64-bit number after the other from the extra field for large files. */
function largeNumbers(view: DataView, from: number, to: number): () => number {
  let at = from;
  let end = from;
  for (let field = from; field + 4 <= to; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== LARGE_EXTRA) continue;
    at = field + 4;
    end = Math.min(to, at + view.getUint16(field + 2, true));
    break;
  }
  return () => {
    if (at + 8 > end) throw new Error('its directory is damaged');
    at += 8;
    return large64(view, at - 8);
  };
}

function large64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView, from: number, to: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, to - from);
}
