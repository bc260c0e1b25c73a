import type { ProblemKind } from './problem.ts';

/** A layer without the values it needs, such as the kernel of a convolution. */
export const operandMissing: ProblemKind<{
  readonly operator: string;
  readonly operand: string;
  readonly example: string;
}> = {
  code: 'operand/missing',
  severity: 'error',
  message: (a) => `\`${a.operator}\` needs its ${a.operand}. Write for example \`${a.example}\`.`,
};
