import type { ProblemKind } from './problem.ts';

/** A space whose shapes were too many to follow one by one. */
export const shapeLimit: ProblemKind<{ readonly limit: number }> = {
  code: 'shape/limit',
  severity: 'information',
  message: (a) =>
    `More than ${a.limit} combinations of choices reach one place, so the count and the bounds are upper limits rather than exact. Fewer ties that live at once make them exact.`,
};
