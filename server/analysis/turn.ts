/**
 * How much may be worked out in one go while others wait. Work is told before it is done (see `Effort`), so that a
 * document of which more has to be worked out is known as such within its turn, the first time that it is read, whatever
 * the machine does meanwhile.
 */

import type { Effort } from '../../engine/space/index.ts';

/** Units of about a microsecond. */
const turnUnits = 56_000;

/** More would have to be worked out of a document than fits into a turn. */
export class Overdue extends Error {
  readonly uri: string;

  constructor(uri: string) {
    super('Working out what the document says takes longer than others can wait.');
    this.uri = uri;
  }
}

export class Turn {
  readonly #units: number;
  #left: number;

  constructor(units = turnUnits) {
    this.#units = units;
    this.#left = units;
  }

  /** Whoever waited has been heard. */
  begin(): void {
    this.#left = this.#units;
  }

  /** For work on a document. Throws {@link Overdue}. */
  of(uri: string): Effort {
    return {
      spend: (units) => {
        this.#left -= units;
        if (this.#left < 0) throw new Overdue(uri);
      },
    };
  }
}
