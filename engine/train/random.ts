/** Seeded random numbers. Every stream is derived from the trial's seed and a purpose, so that none shifts another. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** Uniform integer in `[0, below)`. */
  int(below: number): number;
  /** Uniform in `[0, 1)`, 32 bits of it. */
  unit(): number;
  /** Standard normal, by Box and Muller. */
  normal(): number;
}

/** 32-bit FNV-1a of the parts, so that (seed, purpose, epoch) gives an unrelated stream each. */
function mix(parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('/')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}

export function random(...parts: readonly (number | string)[]): Random {
  const generator = xoroshiro128plus(mix(parts));
  const unit = () => (generator.next() >>> 0) / 2 ** 32;
  return {
    int: (below) => uniformInt(generator, 0, below - 1),
    unit,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  };
}

/** The numbers `0 .. count - 1` in random order (Fisher and Yates). */
export function permutation(count: number, source: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = source.int(i + 1);
    const swap = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swap;
  }
  return order;
}
