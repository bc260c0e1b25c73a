/** As much of a test framework as is needed where node:test cannot run: the extension host lives on after it. */

import { inspect } from 'node:util';

export interface Result {
  readonly name: string;
  readonly error?: string;
  readonly ms: number;
}

interface HostTest {
  readonly name: string;
  readonly body: () => Promise<void>;
  /** How long it may take, on a machine that does other things too. */
  readonly limitMs: number;
}

const tests: HostTest[] = [];
export const results: Result[] = [];

export function hostTest(name: string, body: () => Promise<void>, limitMs = 30_000): void {
  tests.push({ name, body, limitMs });
}

export async function runAll(report: (result: Result) => void): Promise<void> {
  for (const { name, body, limitMs } of tests) {
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`It took longer than ${limitMs / 1000} s.`)), limitMs);
    });
    const error = await Promise.race([body(), limit]).then(
      () => undefined,
      (reason: unknown) => inspect(reason),
    );
    clearTimeout(timer);
    const ms = performance.now() - start;
    const result: Result = error === undefined ? { name, ms } : { name, ms, error };
    results.push(result);
    report(result);
  }
}

/** Asks again until the answer passes `accept`; the language server answers in its own time. */
export async function eventually<T>(
  ask: () => Thenable<T>,
  accept: (answer: T) => boolean,
  limitMs = 15_000,
): Promise<T> {
  const limit = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (Date.now() > limit)
      throw new Error(`The last answer was not accepted: ${inspect(answer, { depth: 6 })}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}
