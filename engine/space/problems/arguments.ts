/** What can be wrong with what a layer or a block is given: operands, arguments, parameters, followers. */

import { counted } from '../counted.ts';
import type { Span } from '../../../grammar/ast.ts';
import { didYouMean, error, fix, replaceBySuggestion, type Suggested } from './problem.ts';

export const argumentProblems = {
  /** A required parameter that the use of a block does not give. */
  'argument/missing': error(
    (a: { block: string; parameter: string }) =>
      `\`${a.block}\` needs a value for \`${a.parameter}\`. Add it between the parentheses, or give the parameter a default where the block is defined.`,
  ),
  /** An argument name that the block or function does not have. */
  'argument/unknown': error(
    (a: { block: string; argument: string; parameters: string } & Suggested) =>
      `\`${a.block}\` has no parameter \`${a.argument}\`.${didYouMean(a)} It takes ${a.parameters}.`,
    replaceBySuggestion,
  ),
  /** A parameter that is given twice. */
  'argument/duplicate': error(
    (a: { block: string; argument: string }) =>
      `The parameter \`${a.argument}\` of \`${a.block}\` is given twice. Remove one of the two.`,
  ),
  /** More arguments than there are parameters. */
  'argument/too-many': error(
    (a: { block: string; most: number; parameters: string }) =>
      `\`${a.block}\` takes at most ${counted(a.most, 'value')} here (${a.parameters}). Remove the rest.`,
  ),
  /** A layer without the values it needs, such as the kernel of a convolution. */
  'operand/missing': error(
    (a: { operator: string; operand: string; example: string }) =>
      `\`${a.operator}\` needs its ${a.operand}. Write for example \`${a.example}\`.`,
  ),
  /** A value that the layer does not take; `cure` says what to do where it is not just to remove the value. */
  'operand/unexpected': error(
    (a: { operator: string; what: string; cure?: string | undefined }) =>
      `\`${a.operator}\` takes no ${a.what}. ${a.cure ?? 'Remove it.'}`,
  ),
  /** A layer parameter that does not exist. */
  'parameter/unknown': error(
    (a: { operator: string; name: string; known: string } & Suggested) =>
      `\`${a.operator}\` has no parameter \`${a.name}\`.${didYouMean(a)} It takes ${a.known}.`,
    replaceBySuggestion,
  ),
  /** A layer parameter that is written twice. */
  'parameter/duplicate': error(
    (a: { operator: string; name: string }) =>
      `The parameter \`${a.name}\` of \`${a.operator}\` is written twice. Remove one of the two.`,
  ),
  /** A word after the comma that cannot follow this layer. */
  'follower/unknown': error(
    (a: { operator: string; name: string; known: string; removal?: Span | undefined } & Suggested) =>
      `\`${a.name}\` cannot follow \`${a.operator}\`.${didYouMean(a)} What may follow is ${a.known}.`,
    (a, span) => [
      ...replaceBySuggestion(a, span),
      ...(a.removal === undefined ? [] : fix(`Remove the option \`${a.name}\``, a.removal, '')),
    ],
  ),
  /** Batch normalisation after an activation, or on a layer without weights. */
  'follower/order': error(
    (a: { name: string; reason: string }) =>
      `\`${a.name}\` cannot stand here: ${a.reason}. Write bn first, then the activation, then dropout.`,
  ),
};
