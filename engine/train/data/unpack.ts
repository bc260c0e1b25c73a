/** Unpacking with a bound: what a file announces is checked before memory is taken for it. */

import { constants, gunzipSync } from 'node:zlib';
import { DatasetError } from './dataset.ts';
import { MOST_BYTES, refuseLarge } from './limits.ts';

/** Deflate grows to at most 1032 times its size (https://zlib.net/zlib_tech.html), so that this much stays small. */
const PREFIX_BYTES = 2048;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The bytes of a gzip file, or `bytes` themselves when they are none. `sizeOf` tells from the first bytes how many
 * there will be, where the format says so; by default the size that gzip itself notes at its end.
 * @throws DatasetError
 */
export function unpack(
  bytes: Uint8Array,
  path: string,
  sizeOf: (start: Uint8Array) => number = () => notedSize(bytes),
): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  const announced = sizeOf(unpackedStart(bytes, path));
  refuseLarge(announced, path, 'unpacks to');
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, announced) });
  } catch (error) {
    if (isTooLong(error)) {
      throw new DatasetError(
        `${path} unpacks to more than the ${String(announced)} bytes that it announces. Fetch or save it again.`,
        { cause: error },
      );
    }
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): DatasetError {
  return new DatasetError(
    `${path} is a damaged gzip file (it is cut off or was changed). Fetch it again, or delete it.`,
    { cause: error },
  );
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/** The last four bytes: the size modulo 2^32 (RFC 1952, section 2.3.1). */
function notedSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const noted = bytes.length < 18 ? 0 : view.getUint32(bytes.length - 4, true);
  // Several members in one file note but the last one's size.
  return noted < bytes.length ? MOST_BYTES : noted;
}

function unpackedStart(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, PREFIX_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw damaged(path, error);
  }
}
