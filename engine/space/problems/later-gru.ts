import type { ProblemKind } from './problem.ts';

/** `gru` parses and is checked, but is left out of the network for now. */
export const laterGru: ProblemKind<{ readonly name: string }> = {
  code: 'later/gru',
  severity: 'information',
  message: (a) =>
    `The recurrent layer \`${a.name}\` is understood but cannot be searched or priced yet; everything else is. Leave it, or use convolutions until then.`,
};
