/**
 * Long work in slices, so that a newer keystroke or a cancellation is heard while it runs. A slice of a request is
 * 10 ms: short beside the 16 ms in which a completion list must appear, long beside the cost of giving way. Work that
 * nobody waits for takes shorter ones.
 */

const sliceMs = 10;
export const idleSliceMs = 4;

/** The person no longer wants the answer. */
export class Cancelled extends Error {
  constructor() {
    super('The request was cancelled.');
  }
}

export interface CancelToken {
  readonly isCancellationRequested: boolean;
}

export class Slices {
  readonly #token: CancelToken;
  readonly #sliceMs: number;
  #started = performance.now();

  constructor(token: CancelToken, ms = sliceMs) {
    this.#token = token;
    this.#sliceMs = ms;
  }

  get isUsedUp(): boolean {
    return performance.now() - this.#started >= this.#sliceMs;
  }

  /** Gives way when the slice is used up; throws {@link Cancelled} when the work is no longer wanted. */
  async pause(): Promise<void> {
    if (this.#token.isCancellationRequested) throw new Cancelled();
    if (!this.isUsedUp) return;
    // What has come in meanwhile is read before the first of these and handled before the second.
    for (let round = 0; round < 2; round++) await new Promise<void>((resume) => setImmediate(resume));
    this.#started = performance.now();
    // The token may have changed while other messages were handled.
    if (this.#isCancelled()) throw new Cancelled();
  }

  #isCancelled(): boolean {
    return this.#token.isCancellationRequested;
  }
}
