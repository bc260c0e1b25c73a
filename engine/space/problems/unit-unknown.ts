import { didYouMean, replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** A unit that does not exist. */
export const unitUnknown: ProblemKind<{ readonly unit: string; readonly suggestion: string | undefined }> = {
  code: 'unit/unknown',
  severity: 'error',
  message: (a) =>
    `There is no unit \`${a.unit}\`.${didYouMean(a.suggestion)} Known are B KB MB, ns us ms s min h, Hz kHz MHz GHz, uJ mJ J, uW mW W, % and epochs.`,
  fixes: (a, span) => replaceBy(a.suggestion, span),
};
