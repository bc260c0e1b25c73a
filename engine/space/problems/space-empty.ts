import type { ProblemKind } from './problem.ts';

/** A space without a single architecture. */
export const spaceEmpty: ProblemKind<{ readonly space: string }> = {
  code: 'space/empty',
  severity: 'error',
  message: (a) =>
    `No architecture of \`${a.space}\` can be built: its conditions or shapes exclude every one. Relax a \`require\` or widen a choice.`,
};
