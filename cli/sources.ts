/** Loading `.nas` files from the disk, and what they mean. */

import { readBytesSync, type FileKind, type OpenOptions } from '../engine/files/index.ts';
import { programWith } from '../engine/search/index.ts';
import type { Analysis } from '../engine/space/types.ts';
import { CliError, ioError } from './exit-codes.ts';

/** Reads a text file. Throws a {@link CliError}. */
export function readText(file: string, kind: FileKind = 'space'): string {
  return textOf(file, readBytes(file, kind));
}

/**
 * Bytes as text. Throws a {@link CliError} for what is not UTF-8: read as if it were, it would lose letters, and
 * `fmt` would write the loss back.
 */
export function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [first, second] = bytes;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw new CliError('io', `${name} is UTF-16 text. Save it as UTF-8.`);
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const line = before.split('\n').length;
    throw new CliError(
      'io',
      `${name} is not UTF-8 text: line ${line} has a byte that is not. Save it as UTF-8.`,
    );
  }
}

/** Reads a file. Throws a {@link CliError}. */
export function readBytes(file: string, kind: FileKind, options: OpenOptions = {}): Uint8Array {
  try {
    return readBytesSync(file, kind, options);
  } catch (error) {
    throw ioError(file, error);
  }
}

export interface Program {
  /** As given on the command line. */
  readonly file: string;
  readonly text: string;
  readonly analysis: Analysis;
}

/**
 * Reads and understands a file. With `given`, its text is that, and the file need not exist: its place says where
 * imports are. Throws a {@link CliError} when it cannot be read.
 */
export function loadProgram(file: string, given?: string): Program {
  const text = given ?? readText(file);
  return { file, text, analysis: programWith(file, text).analysis };
}
