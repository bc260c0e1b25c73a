import type { ProblemKind } from './problem.ts';

/** Batch normalisation after an activation, or on a layer without weights. */
export const followerOrder: ProblemKind<{ readonly name: string; readonly reason: string }> = {
  code: 'follower/order',
  severity: 'error',
  message: (a) =>
    `\`${a.name}\` cannot stand here: ${a.reason}. Write bn first, then the activation, then dropout.`,
};
