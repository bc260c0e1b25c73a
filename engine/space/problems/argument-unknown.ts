import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** An argument name that the block or function does not have. */
export const argumentUnknown: ProblemKind<{
  readonly block: string;
  readonly argument: string;
  readonly parameters: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'argument/unknown',
  severity: 'error',
  message: (a) =>
    `\`${a.block}\` has no parameter \`${a.argument}\`.${didYouMean(a.suggestion)} It takes ${a.parameters}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
