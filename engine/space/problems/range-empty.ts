import type { ProblemKind } from './problem.ts';

/** A range that holds no value. */
export const rangeEmpty: ProblemKind<{ readonly low: string; readonly high: string }> = {
  code: 'range/empty',
  severity: 'error',
  message: (a) =>
    `The range from ${a.low} to ${a.high} is empty. Write the lower end first and a step greater than zero.`,
};
