import type { ProblemKind } from './problem.ts';

/** A window that is larger than the image. */
export const shapeVanishes: ProblemKind<{
  readonly operator: string;
  readonly input: string;
  readonly kernel: string;
}> = {
  code: 'shape/vanishes',
  severity: 'error',
  message: (a) =>
    `Nothing is left of the image: ${a.operator} with a window of ${a.kernel} does not fit into ${a.input}. Use padding same, a smaller window, or fewer strides before.`,
};
