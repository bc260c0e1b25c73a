/** What is drawn from the random source of a run. */

import type { RandomSource } from '../space/types.ts';

/** Uniform in [0, 1) with 32 bits. */
export function nextFraction(random: RandomSource): number {
  return random.nextInt(2 ** 32) / 2 ** 32;
}

/**
 * A seed for one part of a run, so that no two parts share a sequence: the same run seed and part always give
 * the same answer, whatever ran before (MurmurHash3's 32-bit finaliser over both words).
 */
export function deriveSeed(runSeed: number, part: number): number {
  let hash = Math.imul(runSeed ^ 0x9e3779b9, 0x85ebca6b) ^ part;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
