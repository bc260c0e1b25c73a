import type { ProblemKind } from './problem.ts';

/** A value that the layer does not take. */
export const operandUnexpected: ProblemKind<{
  readonly operator: string;
  readonly what: string;
  /** What to do, where it is not just to remove the value. */
  readonly cure?: string | undefined;
}> = {
  code: 'operand/unexpected',
  severity: 'error',
  message: (a) => `\`${a.operator}\` takes no ${a.what}. ${a.cure ?? 'Remove it.'}`,
};
