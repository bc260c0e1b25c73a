import { replaceBy } from './problem.ts';
import type { ProblemKind } from './problem.ts';

/** `a-b` read as one name where a subtraction was meant. */
export const nameHyphen: ProblemKind<{ readonly name: string; readonly spaced: string }> = {
  code: 'name/hyphen',
  severity: 'error',
  message: (a) =>
    `\`${a.name}\` is read as one name, since names may contain hyphens. Write \`${a.spaced}\` with blanks to subtract.`,
  fixes: (a, span) => replaceBy(a.spaced, span),
};
