/** A space that is not gone through to its end, since there is too much of something in it. */

export interface Excess {
  /** So many there may be. */
  readonly limit: number;
  /** Of what, in words that follow the number. */
  readonly of: string;
  /** A sentence. */
  readonly cure: string;
}

export class TooLarge extends RangeError {
  readonly excess: Excess;

  constructor(excess: Excess) {
    super(`There are more than ${excess.limit} ${excess.of}.`);
    this.excess = excess;
  }
}
