/**
 * How long the end-to-end tests wait. They wait for states, never for times: a step ends when what it waits for is
 * there. A machine that does other things too makes it late, which is told and is no failure; only after `hopelessMs`
 * nobody believes any more that it will come.
 */

/** What a step takes at the most on two cores that do nothing else. */
export const usualMs = 60_000;

/** With five other processes on two cores everything takes three to four times as long; twice that again is hopeless. */
export const hopelessMs = 480_000;

/** A line for the log when something came later than it usually does; `undefined` when it did not. */
export function lateness(name: string, tookMs: number, usual = usualMs): string | undefined {
  if (tookMs <= usual) return undefined;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;
  return `late: ${name} took ${seconds(tookMs)}, ${seconds(tookMs - usual)} more than usual at the most`;
}

/** Says how late something was, if it was, however it ended. */
export async function tellingLateness<T>(name: string, body: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await body();
  } finally {
    const line = lateness(name, performance.now() - start);
    if (line !== undefined) process.stderr.write(`${line}\n`);
  }
}

/** Asks again until `accept` takes the answer. @throws Error with the last answer when it is hopeless */
export async function until<T>(
  what: string,
  ask: () => PromiseLike<T>,
  accept: (answer: T) => boolean,
  show: (answer: T) => string = () => '',
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (performance.now() - start > hopelessMs) {
      throw new Error(`${what} did not come in ${hopelessMs / 1000} s. ${show(answer)}`.trimEnd());
    }
    await new Promise((later) => setTimeout(later, 100));
  }
}
