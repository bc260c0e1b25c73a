/** Candidates that are numbers, for tests that are about everything but candidates. */

import type { Domain } from '../types.ts';

export const numbers: Domain<number> = {
  sample: () => 0,
  mutate: (candidate) => candidate,
  crossover: (candidate) => candidate,
  key: String,
  violation: () => 0,
};
