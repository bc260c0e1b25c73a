import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SearchSpace } from '../space/types.ts';
import { boundSpace, withMemory } from './bounds.ts';
import { visitMemory } from './memory-visits.ts';
import type { MetricBounds } from './statement-bounds.ts';
import { price } from './price.ts';
import { createPricer, type NetworkTotals } from './pricer.ts';
import { spaceOf, targetNamed, withoutLatency } from './testing.ts';
import type { Target } from './target.ts';
import type { Bound, NetworkCost } from './types.ts';

const targets = [
  { board: 'nucleo-f446re' },
  { board: 'pico' },
  // Graphs planned one by one, and kernels for vectors.
  { board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn 2021.12' },
  { board: 'corstone-300' },
].map(targetNamed);

const statements = fc.oneof(
  fc.constantFrom(
    'conv {1 | 3} -> {4 | 6 | 8}, relu',
    'conv 3x3 -> c stride {1 | 2}, bn, relu',
    'dwconv {3 | 5}, relu6',
    'dwconv 3x3 stride 2, bn, relu ?',
    'conv 1x1 -> {4 | 12}, hswish',
    'Unit({4 | 8})',
    'Unit(c) x0..2',
    'Unit(8) x1..2 same',
    '{ conv 1x1 -> 8, relu; maxpool 2x2 stride 2 } x0..1',
    'choice { a: conv 5x5 -> c; b: { dwconv 3; conv 1x1 -> 8 } }',
    'avgpool 2x2 stride 2 ?',
    '{ conv 1x1 -> {4 | 8}; split(p, q); conv 3x3 -> {4 | 6} from q as r; concat(p, r) }',
    '{ conv 1x1 -> 12; split(p, q, r); add(p, q, r) } ?',
  ),
);

const inputs = fc.constantFrom('12x12x3', '{12x12x3 | 8x8x3}', 'dims(c * 2, 12, 3)');

const texts = fc
  .tuple(inputs, fc.array(statements, { minLength: 1, maxLength: 4 }))
  .map(([input, lines]) =>
    [
      'block Unit(out) { conv 1x1 -> out, relu; dwconv {3 | 5}, relu; skip add when out == in }',
      'space s {',
      '  tie c = {4 | 8}',
      `  input ${input}`,
      ...lines.map((line) => `  ${line}`),
      '  gap; dense -> 4; softmax',
      '}',
    ].join('\n'),
  );

const limit = 600n;

function small(text: string): SearchSpace | undefined {
  const space = spaceOf(text);
  return space.size().count <= limit ? space : undefined;
}

function within(value: number | undefined, bound: Bound | undefined, what: string): void {
  if (bound === undefined) {
    assert.equal(value, undefined, what);
    return;
  }
  assert.ok(value !== undefined, what);
  assert.ok(
    bound.low <= value && value <= bound.high,
    `${what}: ${value} outside ${bound.low} to ${bound.high}`,
  );
}

function totalsOf(cost: NetworkCost): Record<keyof MetricBounds, number | undefined> {
  const { total } = cost;
  return {
    latency: total.latency?.value,
    ram: total.ram.value,
    flash: total.flash.value,
    energy: total.energy?.value,
    macs: total.macs.value,
    parameters: total.parameters.value,
  };
}

function checkSound(space: SearchSpace, target: Target): void {
  const bounds = boundSpace(space, target);
  const seen = new Map<keyof MetricBounds, { low: number; high: number }>();
  for (const decisions of space.enumerate()) {
    const cost = price(space.lower(decisions), target);
    for (const [metric, value] of Object.entries(totalsOf(cost)) as [
      keyof MetricBounds,
      number | undefined,
    ][]) {
      within(value, bounds.total[metric], `${metric} of ${space.nameOf(decisions)}`);
      if (value === undefined) continue;
      const range = seen.get(metric) ?? { low: Infinity, high: -Infinity };
      seen.set(metric, { low: Math.min(range.low, value), high: Math.max(range.high, value) });
    }
  }
  for (const [metric, range] of seen) {
    const bound = bounds.total[metric];
    if (bound?.exact !== true) continue;
    assert.ok(
      Math.abs(bound.low - range.low) <= 1e-6 * range.low,
      `${metric}: least ${bound.low}, ${range.low}`,
    );
    assert.ok(
      Math.abs(bound.high - range.high) <= 1e-6 * range.high,
      `${metric}: most ${bound.high}, ${range.high}`,
    );
  }
}

test('no architecture lies outside the bounds, and exact bounds are attained', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...targets), (text, target) => {
      const space = small(text);
      if (space !== undefined) checkSound(space, target);
    }),
    { numRuns: 60 },
  );
});

test('no layer costs less or more than its statement is said to', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const space = small(text);
      const [target] = targets;
      if (space === undefined || target === undefined) return;
      const { statements: layers, holders } = boundSpace(space, target);
      const bounded = [...layers, ...holders];
      for (const decisions of space.enumerate()) {
        for (const op of price(space.lower(decisions), target).ops) {
          const own = bounded.filter(
            ({ statement }) => statement.start <= op.source.start && op.source.start < statement.end,
          );
          assert.ok(own.length > 0, op.name);
          for (const { metrics } of own) {
            assert.ok(op.macs <= metrics.macs.high, op.name);
            assert.ok((op.latencyMs?.value ?? 0) <= (metrics.latency?.high ?? 0), op.name);
          }
        }
      }
    }),
    { numRuns: 20 },
  );
});

test('a space without choices is bounded by its one network, exactly', () => {
  const space = spaceOf('space one { input 8x8x4; conv 3x3 -> 8, relu; gap; dense -> 2 }');
  const [target] = targets;
  assert.ok(target !== undefined);
  const { total } = boundSpace(space, target);
  assert.ok(total.ram.exact && total.latency?.exact === true);
  assert.ok(total.ram.high - total.ram.low < 1e-3);
});

test('the arena of a space too large to visit is still bounded soundly', () => {
  const wide = '{4 | 8 | 12 | 16 | 20 | 24}';
  const space = spaceOf(
    `space big { input 16x16x3; conv 3x3 -> ${wide}; conv 3x3 -> ${wide} stride 2; conv 3x3 -> ${wide}; gap; dense -> ${wide} }`,
  );
  const [target] = targets;
  assert.ok(target !== undefined);
  const { ram } = boundSpace(space, target).total;
  assert.equal(ram.exact, false);
  for (const decisions of space.enumerate()) {
    within(price(space.lower(decisions), target).total.ram.value, ram, 'ram');
  }
});

test('visiting every architecture makes the arena bounds exact, in slices that can be paused', () => {
  const wide = '{4 | 8 | 12 | 16 | 20 | 24}';
  const space = spaceOf(
    `space big { input 16x16x3; conv 3x3 -> ${wide}; conv 3x3 -> ${wide} stride 2; conv 1x1 -> ${wide}; dense -> ${wide} }`,
  );
  const [target] = targets;
  assert.ok(target !== undefined);
  const visit = visitMemory(space, target, 10_000n);
  assert.equal(visit.next().done, false);
  const exact = boundSpace(space, target, { visit: 10_000n }).total.ram;
  const rough = boundSpace(space, target).total.ram;
  assert.equal(exact.exact, true);
  assert.ok(rough.low <= exact.low && exact.high <= rough.high);
  for (let step = visit.next(); ; step = visit.next()) {
    if (step.done !== true) continue;
    assert.ok(step.value !== undefined);
    const refined = withMemory(boundSpace(space, target), step.value);
    assert.deepEqual(refined.total.ram, exact);
    assert.ok(refined.statements.every(({ metrics }) => metrics.ram.exact));
    break;
  }
  assert.equal(visitMemory(space, target, 10n).next().value, undefined);
});

test('where the runtime has no latency there is no bound on it, and MACs choose the example', () => {
  const space = spaceOf('space s { input 8x8x4; conv {1 | 3} -> 8; gap; dense -> 2 }');
  const { total, statements: bounded } = boundSpace(
    space,
    withoutLatency(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' })),
  );
  assert.equal(total.latency, undefined);
  assert.equal(total.energy, undefined);
  const example = bounded.find(({ example: op }) => op?.op.kind === 'conv_2d')?.example?.op;
  assert.ok(example?.kind === 'conv_2d');
  assert.deepEqual(example.kernel, [3, 3]);
});

test('the fast path gives exactly what price gives', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...targets), (text, target) => {
      const space = small(text);
      if (space === undefined) return;
      const pricer = createPricer(space, target);
      for (const decisions of space.enumerate()) {
        const expected: NetworkTotals = price(space.lower(decisions), target).total;
        assert.deepEqual(pricer.price(decisions), expected);
      }
    }),
    { numRuns: 30 },
  );
});

test('the fast path refuses decisions that are not of the space', () => {
  const space = spaceOf('space s { input 8x8x4; conv {1 | 3} -> 8; gap; dense -> 2 }');
  const [target] = targets;
  assert.ok(target !== undefined);
  assert.throws(() => createPricer(space, target).price({}), /is not decided/);
});
