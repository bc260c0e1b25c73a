import type { ProblemKind } from './problem.ts';

/** `features` parses and is checked, but is left out of the network for now. */
export const laterFeatures: ProblemKind<{ readonly name: string }> = {
  code: 'later/features',
  severity: 'information',
  message: (a) =>
    `The feature front-end \`${a.name}\` is understood but cannot be searched or priced yet; everything else is. Leave it, or use convolutions until then.`,
};
