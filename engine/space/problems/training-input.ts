import type { ProblemKind } from './problem.ts';

/** A network that cannot be given the samples of its dataset. */
export const trainingInput: ProblemKind<{
  readonly input: string;
  readonly samples: string;
  readonly fix: { readonly text: string } | undefined;
}> = {
  code: 'training/input',
  severity: 'error',
  message: ({ input, samples }) =>
    `The network takes ${input} and the samples of the dataset are ${samples}, which training cannot bring to that size: pictures change their height and width, not their channels. Make \`input\` and the dataset agree.`,
  fixes: ({ fix }, span) =>
    fix === undefined
      ? []
      : [{ title: `Change to \`${fix.text}\``, preferred: true, edits: [{ span, text: fix.text }] }],
};
