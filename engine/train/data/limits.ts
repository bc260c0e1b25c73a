/** What is refused before memory is taken for it, so that a small crafted file cannot fill a machine. */

import { DatasetError } from './dataset.ts';

const GIB = 2 ** 30;

/** Values of one array or split in memory, bytes. Each worker process holds the dataset. */
export const MOST_BYTES = GIB;

/** Samples of one split: each has a label, which takes more memory than its values may. */
const MOST_SAMPLES = 2 ** 23;

/** @throws DatasetError */
export function refuseMany(samples: number, place: string): void {
  if (samples <= MOST_SAMPLES) return;
  throw new DatasetError(
    `${place} has ${String(samples)} samples, and at most ${String(MOST_SAMPLES)} are read. Keep fewer.`,
  );
}

/** @throws DatasetError when `bytes` do not fit; `place` and `what` begin the sentence */
export function refuseLarge(bytes: number, place: string, what = 'takes'): void {
  if (bytes <= MOST_BYTES) return;
  throw new DatasetError(
    `${place} ${what} ${(bytes / GIB).toFixed(1)} GB in memory, and at most ${String(MOST_BYTES / GIB)} GB is read. Keep fewer samples, or make them smaller.`,
  );
}
