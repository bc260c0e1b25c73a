import type { ProblemKind } from './problem.ts';

/** Tensors that cannot be joined. */
export const shapeMismatch: ProblemKind<{
  readonly operator: string;
  readonly left: string;
  readonly right: string;
  readonly reason: string;
  readonly condition: string | undefined;
}> = {
  code: 'shape/mismatch',
  severity: 'error',
  message: (a) =>
    `\`${a.operator}\` cannot join ${a.left} and ${a.right}: ${a.reason}. Make the shapes equal, or join only when they are.`,
  fixes: (a, span) =>
    a.condition === undefined
      ? []
      : [
          {
            title: `Join only when \`${a.condition}\``,
            preferred: true,
            edits: [{ span: { start: span.end, end: span.end }, text: ` when ${a.condition}` }],
          },
        ],
};
