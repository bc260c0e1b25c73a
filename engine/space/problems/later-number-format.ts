import type { ProblemKind } from './problem.ts';

/** `quantize` names a format other than int8, which networks are not built in yet. */
export const laterNumberFormat: ProblemKind<{ readonly format: string }> = {
  code: 'later/number-format',
  severity: 'information',
  message: (a) =>
    `The number format \`${a.format}\` is understood, but only \`int8\` is searched and priced yet; networks are taken as int8. Leave it, or write \`quantize int8\`.`,
};
