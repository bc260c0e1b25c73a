/**
 * Is told of work before it is done, so that whoever asked for the answer can bound how long it takes. A unit is about a
 * microsecond on a laptop of 2020. What it throws reaches the caller, and what was being made is lost.
 */
export interface Effort {
  spend(units: number): void;
}

/** Units of parts of the work, as measured on programs of a thousand lines and on wide choices. */
export const effortOf = {
  /** An instruction of a program. */
  instruction: 12,
  /** A way from one state of a program to the next, with every sixteen registers of the state. */
  step: 2,
  /** A layer or a choice where states are too many to tell apart. */
  relaxed: 40,
  /** An instruction of a program that is priced on one target. */
  place: 5,
  /** An operator that is priced on one target. */
  operator: 6,
  /** A node of a graph, on one target. */
  node: 1,
  /** An instruction of an architecture of which the memory is planned. */
  visit: 2,
} as const;
