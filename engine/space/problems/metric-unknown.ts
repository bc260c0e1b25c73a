import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A constraint or objective on something that is not measured. */
export const metricUnknown: ProblemKind<{
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'metric/unknown',
  severity: 'error',
  message: (a) => `There is no metric \`${a.name}\`.${didYouMean(a.suggestion)} Known are ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
