/** Reading files of a dataset: what goes wrong is said with place, cause and cure. */

import { gunzipSync } from 'node:zlib';
import { FileError, readBytesSync, type FileKind } from '../../files/index.ts';
import { DatasetError } from './dataset.ts';

/** Unpacked files that are larger are refused, so that a crafted one cannot fill the memory. */
const MOST_BYTES = 2 ** 32;

/** The bytes of a file, unpacked when they are gzip. @throws DatasetError */
export function readBytes(path: string, kind: FileKind = 'array'): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readBytesSync(path, kind);
  } catch (error) {
    if (error instanceof FileError) throw refusal(error);
    throw error;
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

function refusal(error: FileError): DatasetError {
  const message =
    error.code === 'missing'
      ? `${error.path} cannot be read: there is no such file. Check the path in the dataset declaration; it is relative to the .nas file.`
      : error.message;
  return new DatasetError(message, { cause: error });
}
