import type { ProblemKind } from './problem.ts';

/** A bound of a range or a repeat that depends on a choice or a shape. */
export const valueNotConstant: ProblemKind<{ readonly what: string }> = {
  code: 'value/not-constant',
  severity: 'error',
  message: (a) =>
    `The ${a.what} must be a fixed number, since it decides how many choices there are. Use a number, or a parameter that is given a number.`,
};
