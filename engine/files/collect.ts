/** All that a stream brings, up to the size that its kind may have: standard input has no end of its own. */

import { FileError, fileError } from './file-error.ts';
import { limitsOf, type FileKind } from './kinds.ts';
import { inWords } from './sizes.ts';

/**
 * @param place what the stream is called in a message
 * @throws FileError `large` as soon as more has come; the rest is not waited for
 */
export async function collect(
  place: string,
  parts: AsyncIterable<Uint8Array>,
  kind: FileKind,
): Promise<Uint8Array> {
  const { name, most } = limitsOf(kind);
  const all: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of parts) {
      size += part.length;
      if (size > most) {
        throw new FileError(
          'large',
          place,
          `brings more than ${inWords(most)}, which ${name} may have at most`,
          'Give it less',
        );
      }
      all.push(part);
    }
  } catch (error) {
    throw fileError(place, error);
  }
  return Buffer.concat(all, size);
}
