/**
 * Lexing, parsing and everything else the grammar does on a keystroke, for files of 100, 1,000 and 10,000
 * lines. Run: `node test/bench/grammar.bench.ts`.
 */

import { performance } from 'node:perf_hooks';

import { expectedAt, parse } from '../../grammar/index.ts';
import { tokenize } from '../../grammar/tokenize.ts';
import { generateSpace } from './generate-space.ts';

function measure(name: string, lines: number, run: () => unknown): void {
  const rounds = lines >= 10_000 ? 40 : 200;
  for (let index = 0; index < 20; index++) run();
  const times: number[] = [];
  for (let index = 0; index < rounds; index++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2);
  console.log(`${name.padEnd(12)} ${String(lines).padStart(6)} lines  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`);
}

for (const lines of [100, 1_000, 10_000]) {
  const text = generateSpace(lines);
  const middle = text.indexOf('\n', text.length / 2) - 1;
  measure('tokenize', lines, () => tokenize(text));
  measure('parse', lines, () => parse(text));
  measure('expected', lines, () => expectedAt(text, middle));
}
