/**
 * Breaks every example in every way and shows that the parser survives: each file cut at every byte, then
 * seeded mutations of all of them. Fails when parsing throws, takes longer than a second, or names a place
 * outside the text. Run: `node test/bench/fuzz.ts [mutations] [seed]`.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { expectedAt, formatDocument, parse } from '../../grammar/index.ts';
import { mutations } from '../../grammar/testing/mutate.ts';

const limitMs = 1000;
const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.nas'),
);
const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));

let slowest = 0;
let failures = 0;

function check(text: string, what: string): void {
  const start = performance.now();
  try {
    const { problems } = parse(text);
    const outside = problems.find(({ start, end }) => start < 0 || end > text.length || start > end);
    if (outside !== undefined) fail(`a problem at [${outside.start}, ${outside.end}) of ${text.length}`);
    expectedAt(text, Math.floor(text.length / 2));
    formatDocument(text, { tabSize: 2, insertSpaces: true });
  } catch (error) {
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const elapsed = performance.now() - start;
  slowest = Math.max(slowest, elapsed);
  if (elapsed > limitMs) fail(`${elapsed.toFixed(0)} ms`);

  function fail(reason: string): void {
    failures++;
    console.error(`${what}: ${reason}\n${JSON.stringify(text)}`);
  }
}

const started = performance.now();
let cuts = 0;
texts.forEach((text, index) => {
  const bytes = Buffer.from(text);
  for (let end = 0; end <= bytes.length; end++, cuts++) {
    check(bytes.subarray(0, end).toString(), `${files[index] ?? ''} cut at byte ${end}`);
  }
});
for (const { text, name } of mutations(texts, count, seed)) check(text, name);

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${files.length} files, ${cuts} cuts, ${count} mutations (seed ${seed}): ${failures} failures, ` +
    `slowest ${slowest.toFixed(1)} ms, ${seconds} s in all`,
);
process.exitCode = failures === 0 ? 0 : 1;
