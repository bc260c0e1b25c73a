import type { ProblemKind } from './problem.ts';

/** A value, block or tensor that nothing reads. */
export const nameUnused: ProblemKind<{ readonly name: string; readonly what: string }> = {
  code: 'name/unused',
  severity: 'hint',
  message: (a) =>
    `Nothing uses the ${a.what} \`${a.name}\`. Use it or delete it; a choice that is not read does not count as an architecture.`,
};
