import type { ProblemKind } from './problem.ts';

/** A reshape that changes the number of elements. */
export const shapeReshape: ProblemKind<{
  readonly input: string;
  readonly output: string;
  readonly elements: number;
  readonly wanted: number;
}> = {
  code: 'shape/reshape',
  severity: 'error',
  message: (a) =>
    `${a.input} has ${a.elements} elements and ${a.output} has ${a.wanted}: reshape cannot change how many there are. Correct one of the sizes.`,
};
