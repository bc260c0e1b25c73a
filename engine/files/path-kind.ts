/** What lies at a path, without opening it. */

import { statSync } from 'node:fs';

/** `special` is whatever is neither a regular file nor a folder; `missing` what cannot be reached, for whatever reason. */
export type PathKind = 'file' | 'folder' | 'special' | 'missing';

/** Links are followed. Never throws. */
export function pathKind(path: string): PathKind {
  try {
    const status = statSync(path);
    if (status.isFile()) return 'file';
    return status.isDirectory() ? 'folder' : 'special';
  } catch {
    return 'missing';
  }
}
