import type { ProblemKind } from './problem.ts';

/** A number outside what makes sense, such as zero channels. */
export const valueRange: ProblemKind<{
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}> = {
  code: 'value/range',
  severity: 'error',
  message: (a) =>
    `The ${a.what} must be ${a.expected}, and it comes to ${a.found}. Change the expression or the choices that feed it.`,
};
