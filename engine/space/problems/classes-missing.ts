import type { ProblemKind } from './problem.ts';

/** `classes` where no dataset says how many. */
export const classesMissing: ProblemKind<object> = {
  code: 'classes/missing',
  severity: 'error',
  message: () =>
    `The number of classes is not known. Add \`classes 10\` to the dataset, or write the number here.`,
};
