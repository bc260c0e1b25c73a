/** What can be wrong with a space as a whole. */

import { error, information } from './problem.ts';

export const spaceProblems = {
  /** A space that does not know what it is given. */
  'input/missing': error(
    (a: { space: string }) =>
      `The space \`${a.space}\` has no input. Begin it with a line such as \`input 28x28x1\`, or declare a dataset with an \`input\`.`,
  ),
  /** An `input` that something else stands before. */
  'input/misplaced': error(
    () =>
      `The input must be the first statement of a space, but for ties, lets and requires that read no shape. Move it there.`,
  ),
  /** `classes` where no dataset says how many. */
  'classes/missing': error(
    () => `The number of classes is not known. Add \`classes 10\` to the dataset, or write the number here.`,
  ),
  /** A space without a single architecture. */
  'space/empty': error(
    (a: { space: string }) =>
      `No architecture of \`${a.space}\` can be built: its conditions or shapes exclude every one. Relax a \`require\` or widen a choice.`,
  ),
  /**
   * A space of which every bound is loose, since its states are too many to tell apart; `options` are those of the choice
   * with most of them, where the problem stands.
   */
  'space/loose': information(
    (a: { space: string; isCounted: boolean; options: number }) =>
      `The choices of the space ${a.space} have too many combinations to tell apart, so its bounds are loose: no architecture lies outside them, and none need come near. ${
        a.isCounted ? '' : 'Its size is an upper limit for the same reason. '
      }Fewer than these ${a.options} values, or a greater step, make them tight.`,
  ),
  /** A space that cannot be gone through while a person types; `of` says what there is too much of. */
  'space/too-large': error(
    (a: { space: string; limit: number; of: string; cure: string }) =>
      `The space ${a.space} has more than ${a.limit} ${a.of}, so nothing is known of it. ${a.cure}`,
  ),
};
