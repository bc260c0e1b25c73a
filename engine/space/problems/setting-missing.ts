import type { ProblemKind } from './problem.ts';

/** A declaration that lacks something it needs. */
export const settingMissing: ProblemKind<{
  readonly section: string;
  readonly what: string;
  readonly example: string;
  /** What can be put behind it. */
  readonly insert?: string | undefined;
}> = {
  code: 'setting/missing',
  severity: 'error',
  message: (a) => `\`${a.section}\` needs ${a.what}. Write for example \`${a.example}\`.`,
  fixes: (a, { end }) =>
    a.insert === undefined
      ? []
      : [
          {
            title: `Insert "${a.insert}"`,
            preferred: true,
            edits: [{ span: { start: end, end }, text: ` ${a.insert}` }],
          },
        ],
};
