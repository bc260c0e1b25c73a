import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A word after the comma that cannot follow this layer. */
export const followerUnknown: ProblemKind<{
  readonly operator: string;
  readonly name: string;
  readonly known: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'follower/unknown',
  severity: 'error',
  message: (a) =>
    `\`${a.name}\` cannot follow \`${a.operator}\`.${didYouMean(a.suggestion)} What may follow is ${a.known}.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
