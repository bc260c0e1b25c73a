/** Turns failures of the file system into messages that say which file, why, and what to do. */

import { reasonOf } from '../../files/index.ts';
import { SearchError } from '../errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'is not permitted. Choose a folder that you may write to, or change its permissions',
  EPERM: 'is not permitted. Choose a folder that you may write to, or change its permissions',
  EROFS: 'is not possible on a read-only file system. Choose a folder on another drive',
  ENOSPC: 'failed because the disk is full. Free some space',
  EFBIG:
    'failed because a file may not grow so large here. Raise the limit (`ulimit -f unlimited` in the shell), or choose a folder on another drive',
  EDQUOT: 'failed because your disk quota is used up. Free some space',
  ENOTDIR: 'failed because a part of that path is a file. Choose another folder',
  EMFILE: 'failed because too many files are open. Close other programs',
  EIO: 'failed with an input/output error of the disk. Check the disk',
};

const RESUME = 'resume the run: every trial recorded so far is kept';

/**
 * The message for `error`, which arose when writing `path`. What has been journaled is safe in every case.
 * @param then what to do when the cause is mended
 */
export function storageError(path: string, error: unknown, then = RESUME): SearchError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code] ?? `failed (${reasonOf(error)}). Check the folder`;
  return new SearchError('storage', `Writing ${path} ${reason}, then ${then}.`, { cause: error });
}
