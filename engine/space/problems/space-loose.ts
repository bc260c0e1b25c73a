import type { ProblemKind } from './problem.ts';

/** A space of which every bound is loose, since its states are too many to tell apart. */
export const spaceLoose: ProblemKind<{
  readonly space: string;
  readonly isCounted: boolean;
  /** Of the choice with most of them, where the problem stands. */
  readonly options: number;
}> = {
  code: 'space/loose',
  severity: 'information',
  message: (a) =>
    `The choices of the space ${a.space} have too many combinations to tell apart, so its bounds are loose: no architecture lies outside them, and none need come near. ${
      a.isCounted ? '' : 'Its size is an upper limit for the same reason. '
    }Fewer than these ${a.options} values, or a greater step, make them tight.`,
};
