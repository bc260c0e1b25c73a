/** How long it takes to understand a file, to bound its space, and to draw and lower architectures. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Bench } from 'tinybench';
import { parse } from '../../grammar/index.ts';
import { type AdditiveMeasure, analyse, type Decisions, type SearchSpace } from '../../engine/space/index.ts';
import { seeded } from '../../engine/space/testing.ts';
import { generateSpace } from './generate-space.ts';

const elements: AdditiveMeasure = {
  width: 1,
  measure: (_op, _inputs, output, out) => {
    out[0] = output.reduce((product, extent) => product * extent, 1);
  },
};

function analysisOf(text: string): () => SearchSpace {
  const parsed = parse(text);
  const provider = { read: () => ({ text, parse: parsed }), resolve: (_from: string, to: string) => to };
  return () => {
    const [space] = analyse('bench.nas', provider).spaces;
    if (space === undefined) throw new Error('The text has no space.');
    return space;
  };
}

const example = fileURLToPath(new URL('../../examples/fashion-mnist.nas', import.meta.url));
const analyseExample = analysisOf(readFileSync(example, 'utf8'));
const space = analyseExample();
const random = seeded(1);
const architectures: Decisions[] = Array.from({ length: 1000 }, () => space.sample(random));

const bench = new Bench({ time: 1000, warmupTime: 500 });
for (const lines of [100, 1000, 10_000])
  bench.add(`analyse ${lines} lines`, analysisOf(generateSpace(lines)));
bench.add('analyse the example', analyseExample);
bench.add('bounds of one measure over the example', () => space.bounds(elements));
bench.add('sample 1000 architectures of the example', () => {
  for (let count = 0; count < 1000; count++) space.sample(random);
});
bench.add('lower 1000 architectures of the example', () => {
  for (const decisions of architectures) space.lower(decisions);
});
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) => ({
    name,
    ...('latency' in result
      ? { 'p50 ms': result.latency.p50.toFixed(3), 'least ms': result.latency.min.toFixed(3) }
      : { 'p50 ms': 'failed', 'least ms': '' }),
  })),
);
