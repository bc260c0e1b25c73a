/** What the process returns, and the failures that lead there. Documented in `docs/cli.md`. */

import { FileError, reasonOf } from '../engine/files/index.ts';
import type { TextPlace } from '../engine/search/types.ts';

export const exitCode = {
  ok: 0,
  /** The input has errors, or `fmt --check` found something to format. */
  problems: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** A file cannot be read or written. */
  io: 3,
  /** A search could not go on: its message says why. */
  search: 4,
  /** A board cannot be reached or does not answer as it must: the message says what to do. */
  board: 5,
  /** A fault of Nasturtium itself. */
  internal: 70,
  /** Ended by Ctrl+C; a run can be resumed. */
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCode;

/** A failure that a person can mend. The message names the place, the cause and the cure. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: Exclude<ExitName, 'ok'>;
  /** What has to be mended, where that is a place in a text: the absolute path, line and column from 1. */
  readonly place: TextPlace | undefined;

  constructor(
    exit: Exclude<ExitName, 'ok'>,
    message: string,
    { place, ...options }: ErrorOptions & { readonly place?: TextPlace } = {},
  ) {
    super(message, options);
    this.exit = exit;
    this.place = place;
  }
}

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Check the path',
  EACCES: 'is not permitted to you. Change its permissions or choose another place',
  EPERM: 'is not permitted to you. Change its permissions or choose another place',
  EISDIR: 'is a folder. Name a file in it',
  ENOTDIR: 'cannot be reached: a part of the path is a file. Check the path',
  EROFS: 'lies on a read-only file system. Choose another place',
  ENOSPC: 'does not fit on the disk. Free some space',
  EFBIG: 'may not grow so large here. Raise the limit (`ulimit -f unlimited` in the shell)',
  EEXIST: 'exists already. Choose another name',
};

/** The failure of writing `path`, in words, or that of reading a file, which has them already. */
export function ioError(path: string, error: unknown): CliError {
  if (error instanceof FileError) return new CliError('io', error.message, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = causes[code] ?? `failed: ${reasonOf(error)}`;
  return new CliError('io', `${path} ${cause}.`, { cause: error });
}
