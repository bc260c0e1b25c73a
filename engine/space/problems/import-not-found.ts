import type { ProblemKind } from './problem.ts';

/** An imported file that cannot be read. */
export const importNotFound: ProblemKind<{ readonly path: string }> = {
  code: 'import/not-found',
  severity: 'error',
  message: (a) => `The file \`${a.path}\` cannot be read. Check the path; it is relative to this file.`,
};
