import type { ProblemKind } from './problem.ts';

/** A declaration that a file can hold only once. */
export const declarationDuplicate: ProblemKind<{ readonly what: string }> = {
  code: 'declaration/duplicate',
  severity: 'error',
  message: (a) => `A file can hold only one ${a.what}. Remove this one or the other.`,
};
