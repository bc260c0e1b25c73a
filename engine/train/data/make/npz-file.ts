/** Writes an .npz file of bytes, as `numpy.savez_compressed` does. */

import { writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';

export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

export function writeNpz(path: string, arrays: ReadonlyMap<string, ByteArray>): void {
  const files: Record<string, Uint8Array> = {};
  for (const [name, array] of arrays) files[`${name}.npy`] = npy(array);
  // A date of its own would make another file of the same data.
  const mtime = '2026-01-01';
  writeFileSync(path, zipSync(files, { level: 9, mtime }));
}

/** Version 1.0 of the format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
function npy({ shape, values }: ByteArray): Uint8Array {
  const tuple = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${tuple}), }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const header = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([header, Buffer.from(padded, 'latin1'), values]);
}
