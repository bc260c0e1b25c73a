/** What a board draws: while a network runs, and asleep between two inferences. */

import type { Source } from './types.ts';

/** A figure of a data sheet or of measurements, and between which it was stated or seen to lie. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Average supply power while a network runs. */
export interface PowerFigure {
  /** Runtime ids it was measured with; every runtime of the board when absent. */
  readonly runtimes?: readonly string[];
  readonly clockHz: number;
  /** Read off a data sheet, not measured while a network ran. */
  readonly estimated?: true;
  readonly milliwatts: Figure;
  readonly source: Source;
}

/** The mode in which a board waits for the next inference, with what that needs kept in RAM. */
export interface Sleep {
  /** As the data sheet calls it, with the clock that wakes the board. */
  readonly mode: string;
  /** Supply at which the figures hold. */
  readonly volts: number;
  readonly microwatts: Figure;
  /** On top, of each block of RAM that is kept, where those that are not needed can be switched off. */
  readonly retained?: { readonly blockBytes: number; readonly microwatts: Figure };
  /** Until the core runs at its clock; absent where nobody says. */
  readonly wake?: {
    readonly microseconds: number;
    /** What the running core draws in that time where it is absent. */
    readonly microjoules?: number;
  };
  readonly source: Source;
}
