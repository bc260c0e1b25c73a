import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A name that the imported file does not export. */
export const importUnknownName: ProblemKind<{
  readonly name: string;
  readonly path: string;
  readonly suggestion: string | undefined;
}> = {
  code: 'import/unknown-name',
  severity: 'error',
  message: (a) =>
    `The file \`${a.path}\` has no block or cell \`${a.name}\`.${didYouMean(a.suggestion)} Only blocks and cells can be imported.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
