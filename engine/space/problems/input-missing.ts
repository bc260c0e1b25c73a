import type { ProblemKind } from './problem.ts';

/** A space that does not know what it is given. */
export const inputMissing: ProblemKind<{ readonly space: string }> = {
  code: 'input/missing',
  severity: 'error',
  message: (a) =>
    `The space \`${a.space}\` has no input. Begin it with a line such as \`input 28x28x1\`, or declare a dataset with an \`input\`.`,
};
