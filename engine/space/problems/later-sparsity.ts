import type { ProblemKind } from './problem.ts';

/** Sparsity parses and is checked, but does not change a network yet. */
export const laterSparsity: ProblemKind<object> = {
  code: 'later/sparsity',
  severity: 'information',
  message: () =>
    `Sparsity is understood but cannot be searched or priced yet; networks are priced dense. Leave it, or remove it.`,
};
