/**
 * How much may be worked out while others wait. Work is told before it is done (see `Effort`), so that a document of which
 * more has to be worked out is known as such the first time that it is read, whatever the machine does meanwhile.
 */

import type { Effort } from '../../engine/space/index.ts';

/** Units of about a microsecond. */
export interface Limits {
  /** Before others are heard. */
  readonly atOnce: number;
  /** Turn by turn: others are heard, but whoever waits for the document waits for all of it. */
  readonly inAll: number;
}

/** Of what cannot be divided: reading a text, and pricing a space. */
export const undivided: Limits = { atOnce: 28_000, inAll: 28_000 };
/** Of what is done in steps. */
export const divided: Limits = { atOnce: 10_000, inAll: 56_000 };

/** More would have to be worked out of a document than others, or whoever asks, can wait for. */
export class Overdue extends Error {
  readonly uri: string;

  constructor(uri: string) {
    super('Working out what the document says takes longer than others can wait.');
    this.uri = uri;
  }
}

export class Turn {
  #spent = 0;

  /** Whoever waited could be heard. */
  begin(): void {
    this.#spent = 0;
  }

  /** For one piece of work on a document. Throws {@link Overdue}. */
  of(uri: string, { atOnce, inAll }: Limits): Effort {
    let spent = 0;
    return {
      spend: (units) => {
        this.#spent += units;
        spent += units;
        if (this.#spent > atOnce || spent > inAll) throw new Overdue(uri);
      },
    };
  }
}
