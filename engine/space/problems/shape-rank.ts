import type { ProblemKind } from './problem.ts';

/** A layer that needs a feature map and gets a vector, or the other way round. */
export const shapeRank: ProblemKind<{ readonly operator: string; readonly input: string }> = {
  code: 'shape/rank',
  severity: 'error',
  message: (a) =>
    `\`${a.operator}\` needs a feature map (height x width x channels), and ${a.input} arrives. Move it before flatten, gap or dense, or reshape first.`,
};
