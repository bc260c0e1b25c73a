import type { ProblemKind } from './problem.ts';

/** A parameter that is given twice. */
export const argumentDuplicate: ProblemKind<{ readonly block: string; readonly argument: string }> = {
  code: 'argument/duplicate',
  severity: 'error',
  message: (a) => `The parameter \`${a.argument}\` of \`${a.block}\` is given twice. Remove one of the two.`,
};
