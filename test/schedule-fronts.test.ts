/**
 * What is best where the board infers without a pause is not what is best where it sleeps most of the time, as CREST
 * (arXiv 2606.15004) found on boards: seeded searches of a published table, priced on targets with and without a pause.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPricer, type NetworkTotals } from '../engine/cost/index.ts';
import { spaceOf, targetNamed } from '../engine/cost/testing.ts';
import { nonDominated } from '../engine/search/pareto.ts';
import { createStrategy } from '../engine/search/registry.ts';
import type { CostMetric } from '../engine/space/index.ts';
import type { Schedule } from '../engine/space/types.ts';
import { nasBenchMacro } from './tables/table.ts';

/** Networks of the table's form, with channels for a microcontroller: its accuracies stand for theirs. */
const space = spaceOf(`block MB(k, t) {
  conv 1x1 -> in * t, relu6
  dwconv k, relu6
  conv 1x1 -> in / t
  skip add
}
space macro {
  input 64x64x3
  conv 3x3 -> 8 stride 2, relu6
  {skip | MB(3, 3) | MB(5, 6)}
  {skip | MB(3, 3) | MB(5, 6)}
  conv 1x1 -> 16 stride 2, relu6
  {skip | MB(3, 3) | MB(5, 6)}
  {skip | MB(3, 3) | MB(5, 6)}
  {skip | MB(3, 3) | MB(5, 6)}
  conv 1x1 -> 32 stride 2, relu6
  {skip | MB(3, 3) | MB(5, 6)}
  {skip | MB(3, 3) | MB(5, 6)}
  {skip | MB(3, 3) | MB(5, 6)}
  gap
  dense -> 10
}`);
const table = nasBenchMacro();

const MINUTE = 60_000;

/** What a random search finds by accuracy and one cost: the architectures of its front, and their costs. */
function searched(board: string, schedule: Schedule, metric: CostMetric) {
  const pricer = createPricer(space, targetNamed({ board, schedule }));
  const costs = new Map<string, NetworkTotals>();
  const costOf = (architecture: string): NetworkTotals => {
    const digits = space.choices.map(({ id }, place) => [id, Number(architecture[place])] as const);
    const known = costs.get(architecture) ?? pricer.price(Object.fromEntries(digits));
    costs.set(architecture, known);
    return known;
  };
  const scoresOf = (architecture: string): number[] => [
    table.scores(architecture)[0] ?? NaN,
    costOf(architecture)[metric]?.value ?? NaN,
  ];
  const strategy = createStrategy('random', table.domain, { seed: 7, weights: [1, 1] });
  const asked: string[] = [];
  while (asked.length < 600) {
    const candidate = strategy.ask();
    assert.ok(candidate !== undefined);
    asked.push(candidate);
    strategy.tell({ candidate, scores: scoresOf(candidate), violation: 0 });
  }
  const front = new Set(nonDominated(asked.map(scoresOf)).map((at) => asked[at] ?? ''));
  return { front, costOf };
}

const lacking = (front: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...front].filter((architecture) => !other.has(architecture));

test('searches with and without a pause have different fronts where memory is kept by blocks', () => {
  assert.equal(space.choices.length, 8);
  const always = searched('nucleo-u575zi-q', { everyMs: 10 * MINUTE }, 'latency');
  const seldom = searched('nucleo-u575zi-q', { everyMs: 10 * MINUTE }, 'average power');
  const added = lacking(seldom.front, always.front);
  assert.ok(added.length > 0 && lacking(always.front, seldom.front).length > 0);
  // Slower than something as accurate on the one front, and yet it draws less: its arena takes fewer blocks.
  for (const architecture of added) {
    const [accuracy, cost] = [table.scores(architecture)[0] ?? NaN, always.costOf(architecture)];
    const quicker = [...always.front].map(
      (other) => [table.scores(other)[0] ?? NaN, always.costOf(other)] as const,
    );
    assert.ok(
      quicker.some(
        ([theirs, { latency, ram, ...rest }]) =>
          theirs <= accuracy &&
          (latency?.value ?? NaN) < (cost.latency?.value ?? NaN) &&
          ram.value > cost.ram.value &&
          (rest['average power']?.value ?? NaN) > (cost['average power']?.value ?? NaN),
      ),
      architecture,
    );
  }
});

test('with hardly a pause, or with all memory kept, the quickest draws least', () => {
  for (const [board, schedule] of [
    ['nucleo-u575zi-q', { everyMs: 2000 }],
    ['nucleo-l4r5zi', { everyMs: 60 * MINUTE, sleepMicrowatts: 8.4 }],
  ] as const) {
    const { front } = searched(board, schedule, 'latency');
    assert.deepEqual(searched(board, schedule, 'average power').front, front);
  }
});
