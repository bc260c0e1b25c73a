/** Why a file could not be read, in words that say what to do. */

import type { Stats } from 'node:fs';

export type FileErrorCode =
  'missing' | 'denied' | 'folder' | 'special' | 'link' | 'large' | 'changing' | 'aborted' | 'failed';

/** The message names the place, the fault and the cure. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;
  /** What goes on after the path: `is a folder`. */
  readonly fault: string;

  constructor(code: FileErrorCode, path: string, fault: string, cure: string, options?: ErrorOptions) {
    super(`${path} ${fault}. ${cure}.`, options);
    this.code = code;
    this.path = path;
    this.fault = fault;
  }
}

const permit = 'Change its permissions or choose another file';

const known: Readonly<Record<string, readonly [FileErrorCode, string, string]>> = {
  ENOENT: ['missing', 'does not exist', 'Check the path'],
  ENOTDIR: ['missing', 'cannot be reached: a part of the path is a file', 'Check the path'],
  ENAMETOOLONG: ['missing', 'is longer than a path may be', 'Check the path'],
  ERR_INVALID_ARG_VALUE: ['missing', 'cannot be the name of a file', 'Check the path'],
  ELOOP: ['link', 'is a link that leads in a circle', 'Name the file itself'],
  EACCES: ['denied', 'is not permitted to you', permit],
  EPERM: ['denied', 'is not permitted to you', permit],
  EISDIR: ['folder', 'is a folder', 'Name a file in it'],
  // What opening a socket gives.
  ENXIO: ['special', 'is no regular file', 'Name a regular file'],
};

/** What the file system threw, as a {@link FileError}. */
export function fileError(path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [kind, fault, cure] = known[code] ?? [
    'failed',
    `cannot be read: ${reasonOf(error)}`,
    'Check the file and the disk',
  ];
  return new FileError(kind, path, fault, cure, { cause: error });
}

/** @throws FileError for all but regular files */
export function requireRegular(path: string, status: Stats): void {
  if (status.isFile()) return;
  if (status.isDirectory()) throw new FileError('folder', path, 'is a folder', 'Name a file in it');
  const what = status.isFIFO()
    ? 'a pipe'
    : status.isSocket()
      ? 'a socket'
      : status.isSymbolicLink()
        ? 'a link'
        : 'a device';
  throw new FileError(
    status.isSymbolicLink() ? 'link' : 'special',
    path,
    `is ${what}, and only regular files are read and written`,
    'Name a regular file',
  );
}

/** What went wrong, in the words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
