import type { ProblemKind } from './problem.ts';

/** A quantity with a unit of the wrong kind, or without one. */
export const unitWrong: ProblemKind<{
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}> = {
  code: 'unit/wrong',
  severity: 'error',
  message: (a) => `The ${a.what} must be ${a.expected}, and this is ${a.found}. Change the unit.`,
};
