/**
 * Files that are whole or as they were before. The library write-file-atomic, which promises that, takes one write for
 * enough: on a disk that is almost full it puts the part that went in into the place of the old file and says nothing.
 */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { requireRegular } from './file-error.ts';

export interface WriteOptions {
  /** Writes straight into a terminal or a pipe, where a person has named one; else they are refused. */
  readonly special?: 'write';
}

/**
 * Written beside, forced to disk and renamed. Links are followed, permissions kept.
 * @throws FileError for what is no regular file; else what the file system throws
 */
export function writeWhole(path: string, content: string | Uint8Array, { special }: WriteOptions = {}): void {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    if (special === undefined) requireRegular(path, before);
    writeFileSync(path, content);
    return;
  }
  const target = before === undefined ? path : realpathSync(path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { flush: true });
    if (before !== undefined) chmodSync(temporary, before.mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** One level after the other, since the recursive form of Node tells of a read-only disk as if a folder were missing. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in between.
    if (!existsSync(folder)) throw error;
  }
}
