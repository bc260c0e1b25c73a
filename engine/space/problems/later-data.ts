import type { ProblemKind } from './problem.ts';

/** Data of a format that is understood and not read yet. */
export const laterData: ProblemKind<{ readonly what: string; readonly cure: string }> = {
  code: 'later/data',
  severity: 'information',
  message: (a) => `${a.what} cannot be read yet, so nothing is trained on them. ${a.cure}`,
};
