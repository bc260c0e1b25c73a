import type { ProblemKind } from './problem.ts';

/** `attention` parses and is checked, but is left out of the network for now. */
export const laterAttention: ProblemKind<{ readonly name: string }> = {
  code: 'later/attention',
  severity: 'information',
  message: (a) =>
    `The attention layer \`${a.name}\` is understood but cannot be searched or priced yet; everything else is. Leave it, or use convolutions until then.`,
};
