import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A property that nothing reads. */
export const settingUnknown: ProblemKind<{
  readonly section: string;
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'setting/unknown',
  severity: 'error',
  message: (a) =>
    `\`${a.section}\` has no setting \`${a.name}\`.${didYouMean(a.suggestion)} Known are ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
