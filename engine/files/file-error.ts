/** Why a file could not be read, in words that say what to do. */

import type { Stats } from 'node:fs';

export type FileErrorCode =
  'missing' | 'denied' | 'folder' | 'special' | 'link' | 'large' | 'changing' | 'aborted' | 'failed';

/** The message names the place, the cause and the cure; `reason` is the message without the place. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;
  readonly reason: string;

  constructor(code: FileErrorCode, path: string, reason: string, options?: ErrorOptions) {
    super(`${path} ${reason}`, options);
    this.code = code;
    this.path = path;
    this.reason = reason;
  }
}

const known: Readonly<Record<string, readonly [FileErrorCode, string]>> = {
  ENOENT: ['missing', 'does not exist. Check the path.'],
  ENOTDIR: ['missing', 'cannot be reached: a part of the path is a file. Check the path.'],
  ELOOP: ['link', 'is a link that leads in a circle. Name the file itself.'],
  ENAMETOOLONG: ['missing', 'is longer than a path may be. Check the path.'],
  ERR_INVALID_ARG_VALUE: ['missing', 'cannot be the name of a file. Check the path.'],
  EACCES: ['denied', 'is not permitted to you. Change its permissions or choose another file.'],
  EPERM: ['denied', 'is not permitted to you. Change its permissions or choose another file.'],
  EISDIR: ['folder', 'is a folder. Name a file in it.'],
  // What opening a socket gives.
  ENXIO: ['special', 'is no regular file. Name a regular file.'],
  ERR_FS_FILE_TOO_LARGE: ['large', 'is too large to be read. Name a smaller file.'],
};

/** What the file system threw, as a {@link FileError}. */
export function fileError(path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [kind, reason] = known[code] ?? [
    'failed',
    `cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
  ];
  return new FileError(kind, path, reason, { cause: error });
}

/** @throws FileError for all but regular files */
export function requireRegular(path: string, status: Stats): void {
  if (status.isFile()) return;
  if (status.isDirectory()) throw new FileError('folder', path, 'is a folder. Name a file in it.');
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
    `is ${what}, and only regular files are read. Put what it holds into a file, and name that.`,
  );
}
