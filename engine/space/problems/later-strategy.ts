import type { ProblemKind } from './problem.ts';

/** A differentiable or predictor strategy, which does not run yet. */
export const laterStrategy: ProblemKind<{ readonly name: string }> = {
  code: 'later/strategy',
  severity: 'error',
  message: (a) =>
    `The strategy \`${a.name}\` is understood but cannot run yet. Use random, evolution or nsga2 until then.`,
};
