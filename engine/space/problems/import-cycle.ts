import type { ProblemKind } from './problem.ts';

/** Files that import each other in a circle. */
export const importCycle: ProblemKind<{ readonly chain: string }> = {
  code: 'import/cycle',
  severity: 'error',
  message: (a) =>
    `These files import each other in a circle: ${a.chain}. Move the shared blocks into a file that imports none of them.`,
};
