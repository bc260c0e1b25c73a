import type { ProblemKind } from './problem.ts';

/** A required parameter that the use of a block does not give. */
export const argumentMissing: ProblemKind<{ readonly block: string; readonly parameter: string }> = {
  code: 'argument/missing',
  severity: 'error',
  message: (a) =>
    `\`${a.block}\` needs a value for \`${a.parameter}\`. Add it between the parentheses, or give the parameter a default where the block is defined.`,
};
