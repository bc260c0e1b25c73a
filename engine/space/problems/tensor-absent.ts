import type { ProblemKind } from './problem.ts';

/** A named tensor that is missing in some architectures. */
export const tensorAbsent: ProblemKind<{ readonly name: string }> = {
  code: 'tensor/absent',
  severity: 'error',
  message: (a) =>
    `The tensor \`${a.name}\` is not there in every architecture. Name it on a layer that is always present, or read it under the same condition.`,
};
