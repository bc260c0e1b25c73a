/**
 * Zip files by yauzl: the directory first, and of the entries only those that are asked for, so that what nobody wants
 * is neither read nor unpacked.
 */

import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';

/** A file, or bytes. */
export interface Source {
  readonly size: number;
  /** Exactly `length` bytes. Throws when there are fewer. */
  readonly read: (position: number, length: number) => Uint8Array;
}

export interface ZipEntry {
  readonly name: string;
  /** Bytes once it is unpacked, as the directory says. */
  readonly size: number;
  /** The first bytes of the content, at least {@link START_BYTES} where there are so many. */
  readonly start: () => Promise<Uint8Array>;
  /** The whole content. Throws an error with the cause when it is not what was packed. */
  readonly content: () => Promise<Uint8Array>;
}

/** The header of an array says its format and shape well before this. */
const START_BYTES = 4096;
const PART_BYTES = 2 ** 18;
/** Each is held in memory. */
const MOST_ENTRIES = 2 ** 16;

/** @throws Error with the cause when it is no zip file */
export async function readZip(source: Source): Promise<ZipEntry[]> {
  const file = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
    autoClose: false,
  });
  if (file.entryCount > MOST_ENTRIES) throw new Error(`it has more than ${String(MOST_ENTRIES)} entries`);
  const found: ZipEntry[] = [];
  for await (const entry of file.eachEntry()) {
    found.push({
      name: entry.fileName,
      size: entry.uncompressedSize,
      start: () => unpacked(file, entry, START_BYTES),
      content: async () => {
        const bytes = await unpacked(file, entry, entry.uncompressedSize);
        // What yauzl leaves to its callers.
        if (crc32(bytes) !== entry.crc32)
          throw new Error('its checksum is not the one that was saved with it');
        return bytes;
      },
    });
  }
  return found;
}

/** Up to `most` bytes; all of the entry is read, and its length checked, where it has no more. */
async function unpacked(file: ZipFile, entry: Entry, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(most, entry.uncompressedSize));
  const parts: AsyncIterable<Uint8Array> = await file.openReadStreamPromise(entry);
  let length = 0;
  for await (const part of parts) {
    bytes.set(part.subarray(0, bytes.length - length), length);
    length += Math.min(part.length, bytes.length - length);
    if (length === most && most < entry.uncompressedSize) break;
  }
  return bytes;
}

class SourceReader extends RandomAccessReader {
  private readonly source: Source;

  constructor(source: Source) {
    super();
    this.source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { source } = this;
    function* parts(): Generator<Uint8Array> {
      for (let at = start; at < end; at += PART_BYTES) yield source.read(at, Math.min(PART_BYTES, end - at));
    }
    return Readable.from(parts(), { objectMode: false });
  }
}
