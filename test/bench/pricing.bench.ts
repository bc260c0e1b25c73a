/**
 * Architectures of the example priced per second and core, the arena plan included. Run:
 * `node test/bench/pricing.bench.ts`. Issue 2 asks for at least 100,000.
 *
 * CPU time of the process is counted rather than the clock on the wall, so that other work on the machine does
 * not show.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '../../grammar/index.ts';
import { createPricer, price, resolveTarget, shippedProfiles } from '../../engine/cost/index.ts';
import { seededRandom } from '../../engine/cost/index.ts';
import { analyse } from '../../engine/space/index.ts';

const file = path.join(import.meta.dirname, '..', '..', 'examples', process.argv[2] ?? 'fashion-mnist.nas');
const text = readFileSync(file, 'utf8');
const analysis = analyse(file, {
  read: (at) => (at === file ? { text, parse: parse(text) } : undefined),
  resolve: (_from, specifier) => specifier,
});
const [space] = analysis.spaces;
const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
if (space?.usable !== true || 'problem' in resolved) throw new Error(`${file} has no usable space.`);
const { target } = resolved;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const random = seededRandom(1);
const drawn = Array.from({ length: 5000 }, () => space.sample(random));
const pricer = createPricer(space, target);

function perSecond(count: number, work: (index: number) => void): number {
  for (let i = 0; i < 5000; i += 1) work(i);
  const start = cpuSeconds();
  for (let i = 0; i < count; i += 1) work(i);
  return count / (cpuSeconds() - start);
}

const show = (name: string, rate: number) =>
  console.log(
    `${name.padEnd(44)} ${Math.round(rate).toLocaleString('en')} /s  (${(1e6 / rate).toFixed(2)} us)`,
  );

const at = (index: number) => drawn[index % drawn.length] ?? {};
show(
  'price by the fast path, decisions to totals',
  perSecond(200_000, (i) => pricer.price(at(i))),
);
show(
  'price in full, per layer, lowering included',
  perSecond(5000, (i) => price(space.lower(at(i)), target)),
);
