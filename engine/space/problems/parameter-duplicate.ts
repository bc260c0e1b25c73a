import type { ProblemKind } from './problem.ts';

/** A layer parameter that is written twice. */
export const parameterDuplicate: ProblemKind<{ readonly operator: string; readonly name: string }> = {
  code: 'parameter/duplicate',
  severity: 'error',
  message: (a) => `The parameter \`${a.name}\` of \`${a.operator}\` is written twice. Remove one of the two.`,
};
