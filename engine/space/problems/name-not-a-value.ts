import type { ProblemKind } from './problem.ts';

/** A block or function used as a number. */
export const nameNotAValue: ProblemKind<{ readonly name: string; readonly what: string }> = {
  code: 'name/not-a-value',
  severity: 'error',
  message: (a) =>
    `\`${a.name}\` is a ${a.what}, not a value. Write the name of a value, or call it with parentheses where a layer stands.`,
};
