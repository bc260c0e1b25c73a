import type { ProblemKind } from './problem.ts';

/** A declaration that lacks something it needs. */
export const settingMissing: ProblemKind<{
  readonly section: string;
  readonly what: string;
  readonly example: string;
}> = {
  code: 'setting/missing',
  severity: 'error',
  message: (a) => `\`${a.section}\` needs ${a.what}. Write for example \`${a.example}\`.`,
};
