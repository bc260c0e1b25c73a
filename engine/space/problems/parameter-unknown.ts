import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A layer parameter that does not exist. */
export const parameterUnknown: ProblemKind<{
  readonly operator: string;
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'parameter/unknown',
  severity: 'error',
  message: (a) =>
    `\`${a.operator}\` has no parameter \`${a.name}\`.${didYouMean(a.suggestion)} It takes ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
