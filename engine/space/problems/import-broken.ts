import type { ProblemKind } from './problem.ts';

/** An imported file whose own mistakes keep a space from being built. */
export const importBroken: ProblemKind<{ readonly path: string }> = {
  code: 'import/broken',
  severity: 'error',
  message: (a) =>
    `The file \`${a.path}\`, or one that it imports, has mistakes, so that no network can be built with its blocks. Open it and mend them.`,
};
