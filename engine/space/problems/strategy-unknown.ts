import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A search strategy that does not exist. */
export const strategyUnknown: ProblemKind<{
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'strategy/unknown',
  severity: 'error',
  message: (a) =>
    `There is no search strategy \`${a.name}\`.${didYouMean(a.suggestion)} Known are ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
