/** Reading files of a dataset: what goes wrong is said with place, cause and cure. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DatasetError } from './dataset.ts';

/** Unpacked files that are larger are refused, so that a crafted one cannot fill the memory. */
const MOST_BYTES = 2 ** 32;

/** The bytes of a file, unpacked when they are gzip. */
export function readBytes(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new DatasetError(`${path} cannot be read: ${cause(error)}`, { cause: error });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DatasetError(
        `${path} unpacks to more than ${String(MOST_BYTES / 2 ** 30)} GB, which does not fit into memory. Keep fewer samples.`,
        { cause: error },
      );
    }
    throw new DatasetError(
      `${path} is a damaged gzip file (it is cut off or was changed). Fetch it again, or delete it.`,
      {
        cause: error,
      },
    );
  }
}

function cause(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file. Check the path in the dataset declaration; it is relative to the .nas file.';
    case 'EISDIR':
      return 'it is a directory. Name a file inside it.';
    case 'EACCES':
    case 'EPERM':
      return 'you are not permitted to read it. Change its permissions.';
    default:
      return `${error instanceof Error ? error.message : String(error)}.`;
  }
}
