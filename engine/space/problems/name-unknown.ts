import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A name that nothing in scope defines. */
export const nameUnknown: ProblemKind<{
  readonly name: string;
  readonly what: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'name/unknown',
  severity: 'error',
  message: (a) =>
    `There is no ${a.what} \`${a.name}\` here.${didYouMean(a.suggestion)} Define it before this line, or import it.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
