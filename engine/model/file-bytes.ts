/**
 * Which bytes of a file are there for which layer: its constants, and the quantisation of these and of what it puts
 * out. What describes the graph (names, shapes, tables) is of the file as a whole. A byte belongs to the first layer that needs it: constants that
 * several share count once, so that no layer is larger than its file, nor are all of them together.
 */

import type { FlatTable, Place } from './flatbuffer-reader.ts';
import { field } from './schema.ts';

/** What is claimed is counted byte by byte, whichever lists of a damaged file lie over each other. */
export class FileBytes {
  readonly #taken: Uint8Array;
  /** Places claimed as a whole, so that a place that a million layers share is gone through once. */
  readonly #places = new Set<string>();

  constructor(fileBytes: number) {
    this.#taken = new Uint8Array(fileBytes);
  }

  /** How many bytes of these places nobody has claimed yet. */
  claim(places: readonly Place[]): number {
    let count = 0;
    for (const { start, end } of places) {
      const key = `${start} ${end}`;
      if (end <= start || this.#places.has(key)) continue;
      this.#places.add(key);
      const last = Math.min(end, this.#taken.length);
      for (let at = Math.max(0, start); at < last; at += 1) {
        if (this.#taken[at] === 1) continue;
        this.#taken[at] = 1;
        count += 1;
      }
    }
    return count;
  }
}

/** Its quantisation and, for a constant, its numbers. */
export function placesOfTensor(table: FlatTable, data: Uint8Array, file: Uint8Array): Place[] {
  const start = data.byteOffset - file.byteOffset;
  const numbers: Place = { start, end: start + data.byteLength };
  const quantization = table.table(field.tensor.quantization);
  if (quantization === undefined) return [numbers];
  const { scale, zeroPoint } = field.quantization;
  return [numbers, quantization.placeOf(scale, 4), quantization.placeOf(zeroPoint, 8)];
}
