/**
 * Work that is best done while nobody waits: once every answer is out and the pause has passed without a further
 * request. A keystroke brings a handful of requests, one after the other, and the next one is a tenth of a second
 * away: the pause is longer than the gaps within the handful and shorter than that between keystrokes.
 */
const pauseMs = 25;

export class Rest {
  readonly #work: () => void;
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param work short, as a request that comes meanwhile waits for its end */
  constructor(work: () => void) {
    this.#work = work;
  }

  /** A request has come. */
  begin(): void {
    this.#unanswered++;
    clearTimeout(this.#timer);
  }

  /** A request that had come is answered, with or without success. */
  end(): void {
    this.#unanswered--;
    if (this.#unanswered > 0) return;
    this.#timer = setTimeout(this.#work, pauseMs);
    // A timer must not keep a process alive whose client has gone.
    this.#timer.unref();
  }
}
