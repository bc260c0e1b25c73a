/** Whole files at once: bytes, or text in UTF-8. */

import { FileError } from './file-error.ts';
import type { FileKind } from './kinds.ts';
import { RegularFile, type OpenOptions } from './regular-file.ts';

export interface ReadOptions extends OpenOptions {
  /** Ends the reading before its next part. */
  readonly signal?: AbortSignal;
}

/** All of a file, for what is small. @throws FileError */
export function readBytesSync(path: string, kind: FileKind, options: OpenOptions = {}): Uint8Array {
  const file = RegularFile.open(path, kind, options);
  try {
    return file.bytes();
  } finally {
    file.close();
  }
}

/** As {@link readBytesSync}, with bytes that are no UTF-8 replaced. @throws FileError */
export function readTextSync(path: string, kind: FileKind, options: OpenOptions = {}): string {
  return textOf(path, readBytesSync(path, kind, options));
}

/** All of a file; others run meanwhile. @throws FileError */
export async function readBytes(
  path: string,
  kind: FileKind,
  { signal, ...options }: ReadOptions = {},
): Promise<Uint8Array> {
  const file = RegularFile.open(path, kind, options);
  try {
    return await file.bytesMeanwhile(signal);
  } finally {
    file.close();
  }
}

/** As {@link readBytes}, with bytes that are no UTF-8 replaced. @throws FileError */
export async function readText(path: string, kind: FileKind, options: ReadOptions = {}): Promise<string> {
  return textOf(path, await readBytes(path, kind, options));
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    // A mark of the byte order stays: whoever counts places in the file decides about it.
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FileError('large', path, 'is too long for one text', 'Name a smaller file', { cause: error });
  }
}
