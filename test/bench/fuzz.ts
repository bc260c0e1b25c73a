/**
 * Breaks every example, also those of the operators, in every way and shows that what a keystroke sets going survives:
 * each file cut at every byte, then seeded mutations of all of them. Fails when anything throws, takes longer than a
 * second of processor time, or names a place outside of the text.
 *
 * Run: `node test/bench/fuzz.ts [mutations] [seed] [part/parts]`; `1/2` and `2/2` share the work between two
 * processes.
 */

import { exampleText, examples as layers } from '../../engine/train/testing.ts';
import { examples } from '../../grammar/testing/examples.ts';
import { mutations } from '../../grammar/testing/mutate.ts';
import { keystroke } from './keystroke.ts';

const limitMs = 1000;
const count = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const [part = 1, parts = 1] = (process.argv[4] ?? '1/1').split('/').map(Number);

const fileName = (name: string): string => name.split('/').at(-1) ?? name;
const originals = new Map(examples.map(({ name, text }) => [fileName(name), text]));
[...layers].forEach((layer, at) => originals.set(`operator-${String(at)}.nas`, exampleText(layer, '8x8x4')));
const paths = [...originals.keys()];
/** By file, one that imports it: what breaks a block must not break its users. */
const importers = new Map(
  paths.map((path) => [path, paths.find((other) => originals.get(other)?.includes(`${path}"`))]),
);

let slowest = { ms: 0, what: '' };
let failures = 0;

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function check(path: string, text: string, what: string): void {
  const files = new Map(originals).set(path, text);
  const importer = importers.get(path);
  for (const root of importer === undefined ? [path] : [path, importer]) {
    const start = cpuMs();
    try {
      for (const wrong of keystroke(root, files, seed)) fail(wrong);
    } catch (error) {
      fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const elapsed = cpuMs() - start;
    if (elapsed > slowest.ms) slowest = { ms: elapsed, what };
    if (elapsed > limitMs) fail(`${elapsed.toFixed(0)} ms`);
  }

  function fail(reason: string): void {
    failures++;
    console.error(`${what}: ${reason}\n${JSON.stringify(text)}`);
  }
}

const started = cpuMs();
let number = 0;
const isOurs = (): boolean => number++ % parts === part - 1;

let cuts = 0;
for (const [path, text] of originals) {
  const bytes = Buffer.from(text);
  for (let end = 0; end <= bytes.length; end++) {
    if (!isOurs()) continue;
    cuts++;
    check(path, bytes.subarray(0, end).toString(), `${path} cut at byte ${end}`);
  }
}
let mutated = 0;
for (const { text, name, index } of mutations([...originals.values()], count, seed)) {
  if (!isOurs()) continue;
  mutated++;
  check(paths[index] ?? '', text, name);
}

const seconds = ((cpuMs() - started) / 1000).toFixed(1);
console.log(
  `${paths.length} files, ${cuts} cuts, ${mutated} mutations (seed ${seed}, part ${part}/${parts}): ` +
    `${failures} failures, slowest ${slowest.ms.toFixed(1)} ms (${slowest.what}), ${seconds} s of processor time`,
);
process.exitCode = failures === 0 ? 0 : 1;
