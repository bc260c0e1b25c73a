import type { ProblemKind } from './problem.ts';

/** A division by zero, or a function of what it is not defined for. */
export const valueUndefined: ProblemKind<{
  readonly text: string;
  readonly reason: 'division' | 'function';
}> = {
  code: 'value/undefined',
  severity: 'error',
  message: (a) =>
    `\`${a.text}\` ${a.reason === 'division' ? 'divides by zero' : 'has no value'}. Leave out the options that lead to it, or ask for them first, as in \`b > 0 and a / b > 1\`.`,
};
