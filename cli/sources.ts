/** Loading `.nas` files from the disk, and what they mean. */

import path from 'node:path';
import { analyse } from '../engine/space/index.ts';
import type { Analysis, SourceProvider } from '../engine/space/types.ts';
import { parse, type ParseResult } from '../grammar/index.ts';
import { readBytesSync, readTextSync, type FileKind, type OpenOptions } from '../engine/files/index.ts';
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

/** Imported files, by absolute path; each is read and parsed once. */
class DiskSources implements SourceProvider {
  readonly #read = new Map<string, { readonly text: string; readonly parse: ParseResult } | undefined>();

  /** The text that counts for a file instead of what is on the disk. */
  overlay(file: string, text: string): void {
    this.#read.set(file, { text, parse: parse(text) });
  }

  resolve(from: string, specifier: string): string {
    return path.resolve(path.dirname(from), specifier);
  }

  read(file: string): { readonly text: string; readonly parse: ParseResult } | undefined {
    if (!this.#read.has(file)) this.#read.set(file, load(file));
    return this.#read.get(file);
  }
}

/** `undefined` when it cannot be read; the analysis says so at the import. */
function load(file: string): { readonly text: string; readonly parse: ParseResult } | undefined {
  try {
    const text = readTextSync(file, 'space');
    return { text, parse: parse(text) };
  } catch {
    return undefined;
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
  const sources = new DiskSources();
  if (given !== undefined) sources.overlay(path.resolve(file), given);
  return { file, text, analysis: analyse(path.resolve(file), sources) };
}
