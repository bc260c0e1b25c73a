/** A dataset that trains in a moment: the first images of the subset of Fashion-MNIST that ships, as IDX files. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Bytes before the data: magic number, count and, for images, height and width; all big-endian 32-bit. */
const headerBytes = { images: 16, labels: 8 };

export function writeFewImages(
  from: string,
  to: string,
  counts: Readonly<Record<'train' | 't10k', number>>,
): void {
  mkdirSync(to, { recursive: true });
  for (const [split, count] of Object.entries(counts)) {
    for (const [kind, itemBytes] of [
      ['images', 28 * 28],
      ['labels', 1],
    ] as const) {
      const name = `${split}-${kind}-idx${kind === 'images' ? 3 : 1}-ubyte.gz`;
      const all = gunzipSync(readFileSync(join(from, name)));
      const few = Buffer.from(all.subarray(0, headerBytes[kind] + count * itemBytes));
      few.writeUInt32BE(count, 4);
      writeFileSync(join(to, name), gzipSync(few));
    }
  }
}
