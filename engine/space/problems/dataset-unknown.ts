import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A dataset or data format that does not exist. */
export const datasetUnknown: ProblemKind<{
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'dataset/unknown',
  severity: 'error',
  message: (a) =>
    `There is no dataset or format \`${a.name}\`.${didYouMean(a.suggestion)} Known are ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
