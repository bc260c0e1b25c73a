import type { ProblemKind } from './problem.ts';

/** A range or repeat with too many values. */
export const rangeTooLarge: ProblemKind<{
  readonly what: string;
  readonly count: number;
  readonly limit: number;
}> = {
  code: 'range/too-large',
  severity: 'error',
  message: (a) =>
    `This ${a.what} has ${a.count} values; at most ${a.limit} are possible. Use a greater step or smaller bounds.`,
};
