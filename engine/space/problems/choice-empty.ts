import type { ProblemKind } from './problem.ts';

/** A choice without options. */
export const choiceEmpty: ProblemKind<object> = {
  code: 'choice/empty',
  severity: 'error',
  message: () => `This choice has no options. Write at least one between the braces, such as {16 | 24}.`,
};
