import type { ProblemKind } from './problem.ts';

/** A value that the layer does not take. */
export const operandUnexpected: ProblemKind<{ readonly operator: string; readonly what: string }> = {
  code: 'operand/unexpected',
  severity: 'error',
  message: (a) => `\`${a.operator}\` takes no ${a.what}. Remove it.`,
};
