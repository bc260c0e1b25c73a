import type { ProblemKind } from './problem.ts';

/** An `input` that is not the first statement of a space. */
export const inputMisplaced: ProblemKind<object> = {
  code: 'input/misplaced',
  severity: 'error',
  message: () => `The input must be the first statement of a space. Move it there.`,
};
