import type { ProblemKind } from './problem.ts';

/** A property that is written twice. */
export const settingDuplicate: ProblemKind<{ readonly section: string; readonly name: string }> = {
  code: 'setting/duplicate',
  severity: 'error',
  message: (a) => `The setting \`${a.name}\` of \`${a.section}\` is written twice. Remove one of them.`,
};
