/** Pictures from PNG and JPEG files. Their size is looked at before memory is taken for it. */

import { constants, inflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { orientationOf, type Picture, upright } from './orientation.ts';

/** Of any camera; larger ones are refused, so that a crafted file cannot fill the memory. */
const MOST_PIXELS = 64e6;
/** What decoding takes beside the pixels. */
const JPEG_MEMORY_MB = 512;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];
const JPEG_SIGNATURE = [0xff, 0xd8];

/** By what the file is and not by its name, since pictures from the web often bear the wrong one. */
export function decodePicture(bytes: Uint8Array): Picture {
  const begins = (signature: readonly number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (begins(PNG_SIGNATURE)) return decodePng(bytes);
  if (begins(JPEG_SIGNATURE)) return decodeJpeg(bytes);
  throw new Error('it is neither PNG nor JPEG');
}

/** The header is the first chunk (https://www.w3.org/TR/png-3/#11IHDR). */
const PNG_HEADER_END = 33;

function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < PNG_HEADER_END) throw new Error('it is cut off');
  const pixels = file.readUInt32BE(16) * file.readUInt32BE(20);
  if (pixels > MOST_PIXELS) throw new Error(`it announces ${String(pixels)} pixels`);
  if (file.readUInt8(28) !== 0) refuseLongPasses(file);
  return PNG.sync.read(file);
}

/** Bytes of a pixel with four channels of 16 bits. */
const MOST_PIXEL_BYTES = 8;

/** The library unpacks all that an interlaced file holds, however small the picture is that it announces. */
function refuseLongPasses(file: Buffer): void {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  // Seven passes of at most all rows, each with a byte for its filter.
  const most = (width * MOST_PIXEL_BYTES + 7) * height + 64;
  inflateSync(Buffer.concat(parts), { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
}

function decodeJpeg(bytes: Uint8Array): Picture {
  // Declared without the EXIF data that it carries.
  const picture: Picture & { readonly exifBuffer?: Uint8Array } = jpeg.decode(bytes, {
    useTArray: true,
    maxResolutionInMP: MOST_PIXELS / 1e6,
    maxMemoryUsageInMB: JPEG_MEMORY_MB,
  });
  return upright(picture, orientationOf(picture.exifBuffer));
}
