/**
 * How much may be worked out while others wait. Work is told before it is done (see `Effort`), so that a document of which
 * more has to be worked out is known as such the first time that it is read, whatever the machine does meanwhile.
 */

import type { Effort } from '../../engine/space/index.ts';

/** In one go, before others are heard. Units of about a microsecond. */
const turnUnits = 28_000;
/** Of a document at all, turn by turn: others are heard, but whoever waits for it waits for all of them. */
const mostUnits = 56_000;

/** More would have to be worked out of a document than others, or whoever asks, can wait for. */
export class Overdue extends Error {
  readonly uri: string;

  constructor(uri: string) {
    super('Working out what the document says takes longer than others can wait.');
    this.uri = uri;
  }
}

export class Turn {
  #left = turnUnits;

  /** Whoever waited could be heard. */
  begin(): void {
    this.#left = turnUnits;
  }

  /** For one piece of work on a document. Throws {@link Overdue}. */
  of(uri: string): Effort {
    let left = mostUnits;
    return {
      spend: (units) => {
        this.#left -= units;
        left -= units;
        if (this.#left < 0 || left < 0) throw new Overdue(uri);
      },
    };
  }
}
