/** Files of a dataset, through the one door; what goes wrong is said with place, cause and cure. */

import { FileError, readBytesSync, RegularFile, type FileKind } from '../../files/index.ts';
import { DatasetError } from './dataset.ts';
import type { Source } from './zip.ts';

/** The bytes of a file, as they are. @throws DatasetError */
export function readBytes(path: string, kind: FileKind): Uint8Array {
  try {
    return readBytesSync(path, kind);
  } catch (error) {
    throw refused(error);
  }
}

/** A file of which only parts are read. Whoever opens it closes it. @throws DatasetError */
export function openParts(path: string): Source & { readonly close: () => void } {
  let file: RegularFile;
  try {
    file = RegularFile.open(path, 'array');
  } catch (error) {
    throw refused(error);
  }
  return {
    size: file.size,
    read: (position, length) => {
      if (!(position >= 0 && length >= 0 && position + length <= file.size)) throw new Error('it is cut off');
      const bytes = new Uint8Array(length);
      if (file.read(bytes, position) < length) throw new Error('it changes while it is being read');
      return bytes;
    },
    close: () => file.close(),
  };
}

/** What the door says, in the words of datasets; anything else as it is. */
export function refused(error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  const message =
    error.code === 'missing'
      ? `${error.path} cannot be read: there is no such file. Check the path in the dataset declaration; it is relative to the .nas file.`
      : error.message;
  return new DatasetError(message, { cause: error });
}
