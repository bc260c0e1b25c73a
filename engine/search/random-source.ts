/** What is drawn from the random source of a run. */

import { mixed } from '../space/index.ts';
import type { RandomSource } from '../space/types.ts';

/** Uniform in [0, 1) with 32 bits. */
export function nextFraction(random: RandomSource): number {
  return random.nextInt(2 ** 32) / 2 ** 32;
}

/**
 * A seed for one part of a run, so that no two parts share a sequence: the same run seed and part always give
 * the same answer, whatever ran before.
 */
export function deriveSeed(runSeed: number, part: number): number {
  return mixed(Math.imul(runSeed ^ 0x9e3779b9, 0x85ebca6b) ^ part);
}
