/** The seeded random source of sampling and of every strategy: xoroshiro128+ of the pure-rand library. */

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
