/**
 * Work that takes long is done in steps: a generator that yields where others can be heard before it goes on. What it
 * works on may be looked at in between, and need not be finished.
 */
export type Steps<Result> = Generator<unknown, Result, undefined>;

/** Does all steps at once. */
export function finished<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
