/** What is understood and cannot be searched, priced or run yet. */

import { error, information, type ProblemKind } from './problem.ts';

/** A layer that parses and is checked, but is left out of the network for now. */
const layer = (what: string): ProblemKind<{ name: string }> =>
  information(
    (a) =>
      `The ${what} \`${a.name}\` is understood but cannot be searched or priced yet; everything else is. Leave it, or use convolutions until then.`,
  );

export const laterProblems = {
  'later/lstm': layer('recurrent layer'),
  'later/gru': layer('recurrent layer'),
  'later/attention': layer('attention layer'),
  /** Data of a format that is understood and not read yet. */
  'later/data': information(
    (a: { what: string; cure: string }) =>
      `${a.what} cannot be read yet, so nothing is trained on them. ${a.cure}`,
  ),
  'later/features': layer('feature front-end'),
  /** Cells parse and are checked, but are left out of the network for now. */
  'later/cell': information(
    (a: { name: string }) =>
      `The cell \`${a.name}\` is understood but cells cannot be searched or priced yet; its uses are left out. Use a block with choices until then.`,
  ),
  /** Sparsity parses and is checked, but does not change a network yet. */
  'later/sparsity': information(
    () =>
      `Sparsity is understood but cannot be searched or priced yet; networks are priced dense. Leave it, or remove it.`,
  ),
  /** A differentiable or predictor strategy, which does not run yet. */
  'later/strategy': error(
    (a: { name: string; running: string }) =>
      `The strategy \`${a.name}\` is understood but cannot run yet. Use one of ${a.running} until then.`,
  ),
  /** `quantize` names a format other than int8, which networks are not built in yet. */
  'later/number-format': information(
    (a: { format: string }) =>
      `The number format \`${a.format}\` is understood, but only \`int8\` is searched and priced yet; networks are taken as int8. Leave it, or write \`quantize int8\`.`,
  ),
};
