import type { ProblemKind } from './problem.ts';

/** A value of the wrong kind, such as a word where a number is needed. */
export const valueType: ProblemKind<{
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}> = {
  code: 'value/type',
  severity: 'error',
  message: (a) => `The ${a.what} must be ${a.expected}, and this is ${a.found}. Change the value.`,
};
