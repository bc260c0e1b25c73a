import type { ProblemKind } from './problem.ts';

/** Two definitions of one name in one place. */
export const nameDuplicate: ProblemKind<{ readonly name: string; readonly what: string }> = {
  code: 'name/duplicate',
  severity: 'error',
  message: (a) => `The ${a.what} \`${a.name}\` is defined twice here. Rename one of them.`,
};
