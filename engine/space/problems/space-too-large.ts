import type { ProblemKind } from './problem.ts';

/** A space that cannot be gone through while a person types. */
export const spaceTooLarge: ProblemKind<{
  readonly space: string;
  readonly limit: number;
  /** What there is too much of. */
  readonly of: string;
  readonly cure: string;
}> = {
  code: 'space/too-large',
  severity: 'error',
  message: (a) =>
    `The space ${a.space} has more than ${a.limit} ${a.of}, so nothing is known of it. ${a.cure}`,
};
