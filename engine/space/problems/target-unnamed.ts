import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** `on` with a board that the file does not declare. */
export const targetUnnamed: ProblemKind<{ readonly board: string; readonly suggestion: string | undefined }> =
  {
    code: 'target/unnamed',
    severity: 'error',
    message: (a) =>
      `The file declares no target \`${a.board}\`.${didYouMean(a.suggestion)} Add a \`target\` line, or name one that is there.`,
    fixes: (a, span) => replaceBy(a.suggestion === undefined ? undefined : `"${a.suggestion}"`, span),
  };
