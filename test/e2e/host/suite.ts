/** As much of a test framework as is needed where node:test cannot run: the extension host lives on after it. */

import { inspect } from 'node:util';
import { hopelessMs, until } from '../patience.ts';

export interface Result {
  readonly name: string;
  readonly error?: string;
  readonly ms: number;
}

interface HostTest {
  readonly name: string;
  readonly body: () => Promise<void>;
}

const tests: HostTest[] = [];
export const results: Result[] = [];

export function hostTest(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

export async function runAll(report: (result: Result) => void): Promise<void> {
  for (const { name, body } of tests) {
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`It took longer than ${hopelessMs / 1000} s.`)), hopelessMs);
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
export function eventually<T>(ask: () => Thenable<T>, accept: (answer: T) => boolean): Promise<T> {
  const show = (answer: T): string => `The last answer was not accepted: ${inspect(answer, { depth: 6 })}`;
  return until('What was waited for', ask, accept, show);
}
