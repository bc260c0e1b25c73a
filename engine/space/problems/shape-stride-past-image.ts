import type { ProblemKind } from './problem.ts';

/** A stride that is greater than the image. */
export const shapeStridePastImage: ProblemKind<{
  readonly operator: string;
  readonly input: string;
  readonly stride: string;
}> = {
  code: 'shape/stride-past-image',
  severity: 'warning',
  message: (a) =>
    `The stride ${a.stride} of ${a.operator} steps past the image, which is ${a.input} here. Use a smaller stride, or remove one before.`,
};
