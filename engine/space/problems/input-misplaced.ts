import type { ProblemKind } from './problem.ts';

/** An `input` that something else stands before. */
export const inputMisplaced: ProblemKind<object> = {
  code: 'input/misplaced',
  severity: 'error',
  message: () =>
    `The input must be the first statement of a space, but for ties, lets and requires that read no shape. Move it there.`,
};
