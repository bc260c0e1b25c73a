import type { ProblemKind } from './problem.ts';

/** Cells parse and are checked, but are left out of the network for now. */
export const laterCell: ProblemKind<{ readonly name: string }> = {
  code: 'later/cell',
  severity: 'information',
  message: (a) =>
    `The cell \`${a.name}\` is understood but cells cannot be searched or priced yet; its uses are left out. Use a block with choices until then.`,
};
