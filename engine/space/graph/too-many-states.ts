/** When a space is not gone through to its end. */

import { TooLarge } from '../too-large.ts';
import type { Choice } from '../types.ts';

/** Steps after which nothing can be said within a second, e.g. a choice of 4096 values after another. */
export const MOST_STEPS = 400_000;

/** The choices of a space have so many joint states that they cannot be followed while a person types. */
export class TooManyStates extends TooLarge {
  /** The choice with most options. */
  readonly choice: Choice | undefined;

  constructor(choices: readonly Choice[]) {
    const cure = 'Give this choice fewer values, or a greater step.';
    super({ limit: MOST_STEPS, of: 'combinations of choices to follow', cure });
    this.choice = widestOf(choices);
  }
}

/** The choice with most options. */
export function widestOf(choices: readonly Choice[]): Choice | undefined {
  let widest: Choice | undefined;
  for (const choice of choices) if (choice.options.length > (widest?.options.length ?? 0)) widest = choice;
  return widest;
}
