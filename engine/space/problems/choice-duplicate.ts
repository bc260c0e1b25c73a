import type { ProblemKind } from './problem.ts';

/** The same option twice in one choice. */
export const choiceDuplicate: ProblemKind<{ readonly option: string }> = {
  code: 'choice/duplicate',
  severity: 'warning',
  message: (a) =>
    `The option \`${a.option}\` is written twice, so architectures that are the same count as different. Remove one.`,
};
