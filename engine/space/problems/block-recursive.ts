import type { ProblemKind } from './problem.ts';

/** A block that uses itself. */
export const blockRecursive: ProblemKind<{ readonly chain: string }> = {
  code: 'block/recursive',
  severity: 'error',
  message: (a) =>
    `This block uses itself: ${a.chain}. A network has to end; use a repeat such as \`x2..4\` instead.`,
};
