/**
 * Bounds over the whole space of each example, warm, as after a keystroke that changed nothing. Run:
 * `node test/bench/bounds.bench.ts`. Issue 2 asks for at most 2 ms on the example.
 */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '../../grammar/index.ts';
import { boundSpace, resolveTarget, shippedProfiles } from '../../engine/cost/index.ts';
import { analyse } from '../../engine/space/index.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'examples');
const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
if ('problem' in resolved) throw new Error(resolved.problem.message);
const { target } = resolved;

/** Milliseconds of the process's own time, so that other work on the machine does not show. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function quantile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
}

function load(file: string) {
  return analyse(file, {
    read: (at) => {
      try {
        const text = readFileSync(at, 'utf8');
        return { text, parse: parse(text) };
      } catch {
        return undefined;
      }
    },
    resolve: (from, specifier) => path.resolve(path.dirname(from), specifier),
  });
}

for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.nas'))) {
  for (const space of load(path.join(folder, name)).spaces) {
    if (!space.usable) {
      console.log(`${name}: ${space.name} is not usable yet`);
      continue;
    }
    const start = cpuMs();
    boundSpace(space, target);
    const first = cpuMs() - start;
    const times: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const before = cpuMs();
      boundSpace(space, target);
      times.push(cpuMs() - before);
    }
    times.sort((a, b) => a - b);
    console.log(
      `${name}: ${space.name}, ${space.size().count.toLocaleString('en')} architectures: first ${first.toFixed(1)} ms, then median ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms`,
    );
  }
}
