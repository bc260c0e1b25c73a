import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { additiveBounds } from './graph/bounds.ts';
import { backtrack } from './graph/enumerate.ts';
import { buildGraph } from './graph/build.ts';
import type { Network, Shape } from './network.ts';
import { ElaboratedSpace } from './search-space.ts';
import { seeded, smallProgram, spaceOf } from './testing.ts';
import { statementBounds } from './testing/statement-bounds.ts';
import type { AdditiveMeasure, Decisions } from './types.ts';

const runs = { numRuns: 200, seed: 7 };

function elements(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Two measures that pull in different directions. */
const measure: AdditiveMeasure = {
  width: 2,
  measure: (op, inputs, output, out) => {
    out[0] = elements(output) * (op.kind === 'conv_2d' ? op.kernel[0] * op.kernel[1] : 1);
    out[1] = inputs.length * 7 + (op.kind === 'depthwise_conv_2d' ? 3 : 1);
  },
};

/** Independent of the graph: from the network alone. */
function measured(network: Network): readonly [number, number] {
  const out = new Float64Array(2);
  const sums: [number, number] = [0, 0];
  for (const op of network.ops) {
    out.fill(0);
    measure.measure(
      op,
      op.inputs.map((id) => shapeOf(network, id)),
      shapeOf(network, op.output),
      out,
    );
    sums[0] += out[0] ?? 0;
    sums[1] += out[1] ?? 0;
  }
  return sums;
}

function shapeOf(network: Network, id: number): Shape {
  return network.tensors[id]?.shape ?? [];
}

function all(text: string): { space: ElaboratedSpace; architectures: readonly Decisions[] } {
  const space = spaceOf(text);
  assert.ok(space instanceof ElaboratedSpace);
  return { space, architectures: [...backtrack(space.graph, [])] };
}

function withoutPlaces(network: Network): unknown {
  return { ...network, ops: network.ops.map((op) => ({ ...op, name: '', source: undefined })) };
}

test('the count is the number of architectures, and enumeration lists each once', () => {
  fc.assert(
    fc.property(smallProgram, (text) => {
      const { space, architectures } = all(text);
      assert.deepEqual(space.size(), { count: BigInt(architectures.length), exact: true });
      const listed = [...space.enumerate()];
      assert.deepEqual(listed, architectures);
      assert.equal(new Set(listed.map((decisions) => JSON.stringify(decisions))).size, listed.length);
    }),
    runs,
  );
});

test('bounds are those of full enumeration', () => {
  fc.assert(
    fc.property(smallProgram, (text) => {
      const { space, architectures } = all(text);
      if (architectures.length === 0) return;
      const total = space.bounds(measure);
      const sums = architectures.map((decisions) => measured(space.lower(decisions)));
      for (const index of [0, 1] as const) {
        const values = sums.map((sum) => sum[index]);
        assert.deepEqual(total[index], { low: Math.min(...values), high: Math.max(...values), exact: true });
      }
    }),
    runs,
  );
});

test('with few states allowed, count and bounds are still sound', () => {
  let forgot = 0;
  fc.assert(
    fc.property(smallProgram, fc.integer({ min: 1, max: 4 }), (text, limit) => {
      const { space, architectures } = all(text);
      if (architectures.length === 0) return;
      const graph = buildGraph(space.graph.program, limit);
      if (!graph.exact) forgot++;
      assert.ok(graph.total >= BigInt(architectures.length));
      const total = additiveBounds(graph, measure);
      for (const decisions of architectures) {
        const network = space.lower(decisions);
        measured(network).forEach((value, index) => {
          assert.ok((total[index]?.low ?? Infinity) <= value && value <= (total[index]?.high ?? -Infinity));
        });
      }
    }),
    runs,
  );
  assert.ok(forgot > 20, `Only ${forgot} runs forgot anything.`);
});

test('per layer, no instance lies outside the bounds, and no architecture runs it more or less often', () => {
  fc.assert(
    fc.property(smallProgram, (text) => {
      const { space, architectures } = all(text);
      const layers = new Map(
        statementBounds(space, measure).map((entry) => [
          `${entry.statement.start}-${entry.statement.end}`,
          entry,
        ]),
      );
      for (const decisions of architectures) {
        const network = space.lower(decisions);
        const times = new Map<string, Set<string>>();
        const out = new Float64Array(2);
        for (const op of network.ops) {
          const key = `${op.source.start}-${op.source.end}`;
          // A layer with an activation of its own is several operators of one instance.
          const instance = op.name.replace(/\/(hswish|relu6?|dropout|add\.\d+)$/, '');
          times.set(key, (times.get(key) ?? new Set()).add(instance));
          const entry = layers.get(key);
          assert.ok(entry !== undefined, `No bounds for ${op.name}.`);
          out.fill(0);
          measure.measure(
            op,
            op.inputs.map((id) => shapeOf(network, id)),
            shapeOf(network, op.output),
            out,
          );
          assert.ok((out[0] ?? 0) <= (entry.high[0] ?? -1));
        }
        for (const [key, instances] of times) {
          const entry = layers.get(key);
          if (entry?.statement.kind === 'branches') continue;
          assert.ok(instances.size <= (entry?.most ?? 0) && instances.size >= (entry?.least ?? 9));
        }
      }
    }),
    { ...runs, numRuns: 100 },
  );
});

test('sampling is uniform over architectures (chi-square)', () => {
  const text = `space s {
    input 8x8x1
    tie w = {1 | 2 | 3}
    { conv 3 -> w; conv {1 | 3} -> 4 ? } x0..2
    require w < 3
    conv 1 -> {4 | 8} when w == 2
    dense -> 2
  }`;
  const { space, architectures } = all(text);
  const counts = new Map(architectures.map((decisions) => [space.nameOf(decisions), 0]));
  const random = seeded(3);
  const draws = 200 * architectures.length;
  for (let draw = 0; draw < draws; draw++) {
    const name = space.nameOf(space.sample(random));
    counts.set(name, (counts.get(name) ?? NaN) + 1);
  }
  const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  const freedom = architectures.length - 1;
  // Mean plus four standard deviations of the chi-square distribution.
  assert.ok(
    statistic < freedom + 4 * Math.sqrt(2 * freedom),
    `${statistic} for ${freedom} degrees of freedom`,
  );
});

test('samples, mutants and children are of the space; mutants differ; children have their parents choices', () => {
  fc.assert(
    fc.property(smallProgram, fc.nat(), (text, seed) => {
      const { space, architectures } = all(text);
      if (architectures.length === 0) return;
      const known = new Set(architectures.map((decisions) => space.nameOf(decisions)));
      const random = seeded(seed);
      const [a, b] = [space.sample(random), space.sample(random)];
      const mutant = space.mutate(a, random);
      const child = space.crossover(a, b, random);
      for (const one of [a, b, mutant, child, space.extreme('min'), space.extreme('max')]) {
        assert.ok(known.has(space.nameOf(one)));
        assert.deepEqual(space.normalize(one), { decisions: one });
        assert.deepEqual(space.normalize(JSON.parse(JSON.stringify(one)) as Decisions), { decisions: one });
      }
      if (architectures.length > 1) assert.notDeepEqual(mutant, a);
      // A bound that is drawn leaves options out, as a requirement does.
      if (!/require|\.\.\(/.test(text)) {
        for (const [id, option] of Object.entries(child)) {
          if (a[id] !== undefined || b[id] !== undefined)
            assert.ok(option === a[id] || option === b[id] || !text.includes('when'));
        }
      }
    }),
    runs,
  );
});

test('a child has each choice from either parent by a fair coin, where the rest leaves it the choice', () => {
  const free = spaceOf(
    'space s { input 8x8x1\n conv {1|3|5} -> {4|8|16}\n conv {1|3|5} -> {4|8|16}\n dense -> 2 }',
  );
  const [a, b] = [free.extreme('min'), free.extreme('max')];
  const ids = Object.keys(a);
  const random = seeded(11);
  const children = Array.from({ length: 400 }, () => free.crossover(a, b, random));
  for (const id of ids) {
    const ofFirst = children.filter((child) => child[id] === a[id]).length;
    assert.equal(children.filter((child) => child[id] === b[id]).length, 400 - ofFirst, id);
    // Five standard deviations of a fair coin.
    assert.ok(Math.abs(ofFirst - 200) < 50, `${id} is the first parent's in ${ofFirst} of 400 children.`);
  }
  // One coin for each choice: all combinations occur.
  assert.equal(new Set(children.map((child) => free.nameOf(child))).size, 2 ** ids.length);

  // w and v must differ: with one parent's w, only the same parent's v is left.
  const tied = spaceOf(
    'space s { input 8x8x1\n let w = {1 | 2}\n let v = {1 | 2 | 3}\n require w != v\n conv 1 -> w\n conv 1 -> v\n dense -> 2 }',
  );
  const all = [...tied.enumerate()];
  const pair = (w: number, v: number): Decisions => {
    const found = all.find((decisions) => Object.values(decisions).join() === `${w},${v}`);
    assert.ok(found !== undefined);
    return found;
  };
  const parents = [pair(0, 1), pair(1, 0)] as const;
  const families = Array.from({ length: 100 }, () => tied.nameOf(tied.crossover(...parents, random)));
  assert.deepEqual(new Set(families), new Set(parents.map((parent) => tied.nameOf(parent))));
});

test('names differ where architectures differ', () => {
  const { space, architectures } = all(
    'space s { input 8x8x1\n conv {1|3|5} -> {1..40} x1..2\n dense -> 2 }',
  );
  assert.equal(new Set(architectures.map((decisions) => space.nameOf(decisions))).size, architectures.length);
});

test('normalize fills in, drops and says why not', () => {
  const space = spaceOf(
    'space s { input 8x8x1\n let c = {4 | 8}\n conv 3 -> c x{1 | 2}\n require c < 8\n dense -> 2 }',
  );
  assert.deepEqual(space.normalize({}), { decisions: { 'conv.1/repeat': 0, c: 0 } });
  assert.deepEqual(space.normalize({ d: 0 }), {
    error: 'There is no choice `d` in this space. Did you mean `c`?',
  });
  const outside = space.normalize({ c: 2 });
  assert.ok('error' in outside && outside.error.includes('0 to 1'));
  const excluded = space.normalize({ c: 1 });
  assert.ok('error' in excluded && excluded.error.includes('`require` on line 4'));
});

test('a printed architecture lowers to the same network', () => {
  fc.assert(
    fc.property(smallProgram, (text) => {
      const { space, architectures } = all(text);
      for (const decisions of architectures.slice(0, 5)) {
        const again = spaceOf(space.print(decisions));
        assert.deepEqual(again.size(), { count: 1n, exact: true });
        assert.deepEqual(withoutPlaces(again.lower({})), withoutPlaces(space.lower(decisions)));
      }
    }),
    runs,
  );
});
