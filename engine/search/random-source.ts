/** The seeded random source of every strategy: xoroshiro128+ of the pure-rand library. */

import { uniformBigInt } from 'pure-rand/distribution/uniformBigInt';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import type { RandomSource } from '../space/types.ts';

/** Equal seeds give equal sequences on every machine. `seed` is an integer; its lowest 32 bits count. */
export function seededRandom(seed: number): RandomSource {
  const generator = xoroshiro128plus(seed);
  return {
    nextInt: (below) => uniformInt(generator, 0, below - 1),
    nextBigInt: (below) => uniformBigInt(generator, 0n, below - 1n),
  };
}

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
