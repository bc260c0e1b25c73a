/** Light augmentation of image batches, in place on the normalised values. */

import type { Random } from './random.ts';

export interface Augmentation {
  /** Moves each image by up to so many pixels up, down, left and right; 0 is off. */
  readonly shift: number;
  /** Mirrors half of the images left to right. */
  readonly mirror: boolean;
}

/** `values` is `[n, height, width, channels]`; `fill` is the value of what moves in from outside. */
export function augment(
  values: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  { shift, mirror }: Augmentation,
  fill: number,
  random: Random,
): void {
  if (shift === 0 && !mirror) return;
  const size = height * width * channels;
  const copy = new Float32Array(size);
  for (let start = 0; start < values.length; start += size) {
    const down = shift === 0 ? 0 : random.int(2 * shift + 1) - shift;
    const right = shift === 0 ? 0 : random.int(2 * shift + 1) - shift;
    const flipped = mirror && random.int(2) === 1;
    if (down === 0 && right === 0 && !flipped) continue;
    copy.set(values.subarray(start, start + size));
    for (let h = 0; h < height; h++) {
      const fromRow = h - down;
      for (let w = 0; w < width; w++) {
        const column = w - right;
        const inside = fromRow >= 0 && fromRow < height && column >= 0 && column < width;
        const from = (fromRow * width + (flipped ? width - 1 - column : column)) * channels;
        const to = start + (h * width + w) * channels;
        for (let c = 0; c < channels; c++) values[to + c] = inside ? (copy[from + c] ?? 0) : fill;
      }
    }
  }
}
