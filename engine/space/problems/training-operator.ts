import type { ProblemKind } from './problem.ts';

/** What is priced but not trained. */
export const trainingOperator: ProblemKind<{ readonly what: string; readonly cure: string }> = {
  code: 'training/operator',
  severity: 'error',
  message: ({ what, cure }) => `${what} can be priced but not trained yet, so a search stops here. ${cure}`,
};
