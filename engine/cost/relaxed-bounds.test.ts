/** Spaces bounded as if their states were too many to tell apart, held to every architecture that they have. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MeasuredLayer } from '../../device-profiles/types.ts';
import { relaxGraph } from '../space/graph/relax.ts';
import { ElaboratedSpace } from '../space/search-space.ts';
import { analyseText, seeded, smallProgram, spaceOf } from '../space/testing.ts';
import type { SearchSpace } from '../space/types.ts';
import { boundSpace } from './bounds.ts';
import { price } from './price.ts';
import { createPricer, type NetworkTotals } from './pricer.ts';
import type { MetricBounds } from './statement-bounds.ts';
import type { Target } from './target.ts';
import { targetNamed } from './testing.ts';
import type { Bound } from './types.ts';

/** `few` and `width` as small as they can be make the bounds as loose as they get. */
function relaxed(space: SearchSpace, width: number, few: number): ElaboratedSpace | undefined {
  assert.ok(space instanceof ElaboratedSpace);
  const graph = relaxGraph(space.graph.program, { width, few });
  return graph && new ElaboratedSpace({ ...space.parts, graph });
}

const targets = [
  { board: 'nucleo-f446re' },
  { board: 'pico' },
  { board: 'nucleo-f746zg', runtime: 'tinyengine' },
].map((request) => targetNamed(request));

function checkWithin(cost: NetworkTotals, total: MetricBounds, where: string): void {
  const within = (value: number | undefined, bound: Bound | undefined, what: string): void => {
    if (bound === undefined) return;
    const outside = `${what} of ${where}: ${value} outside ${bound.low} to ${bound.high}`;
    assert.ok(value !== undefined && bound.low <= value && value <= bound.high, outside);
  };
  within(cost.latency?.value, total.latency, 'latency');
  within(cost.ram.value, total.ram, 'RAM');
  within(cost.flash.value, total.flash, 'flash');
  within(cost.macs.value, total.macs, 'MACs');
  within(cost.parameters.value, total.parameters, 'parameters');
}

function checkSound(text: string, width: number, few: number): boolean {
  const space = spaceOf(text);
  const loose = relaxed(space, width, few);
  const all = [...space.enumerate()];
  if (loose === undefined || all.length === 0) return false;
  const size = loose.size();
  assert.ok(size.count >= BigInt(all.length), `${size.count} are fewer than ${all.length}`);
  if (size.exact) assert.deepEqual([...loose.enumerate()], all);
  for (const target of targets) {
    const { total, statements } = boundSpace(loose, target, { visit: 0n });
    const [least] = all;
    for (const { source, ramBytes, name } of least === undefined
      ? []
      : price(space.lower(least), target).ops) {
      const around = statements.filter(
        ({ statement }) => statement.start <= source.start && source.end <= statement.end,
      );
      assert.ok(
        around.some(({ metrics }) => ramBytes <= metrics.ram.high),
        `RAM of ${name} in\n${text}`,
      );
    }
    const pricer = createPricer(space, target);
    for (const decisions of all)
      checkWithin(pricer.price(decisions), total, `${target.runtime.id} in\n${text}`);
  }
  return true;
}

/** Channels of every remainder, and every operator that joins or makes channels in its own way. */
const wide = fc
  .array(
    fc.constantFrom(
      'conv {1 | 3} -> 1..9 stride {1 | 2}, bn, relu',
      'conv 3 -> c * 3, hswish',
      'tconv {2 | 3} -> 1..9 stride {1 | 2}, bn, relu',
      'dwconv {3 | 5}, relu6',
      'dwconv 3 multiplier {1 | 2 | 3}',
      'conv 1 -> in * {1 | 2}',
      'maxpool {2 | 3} stride 2 padding {same | valid}',
      'avgpool 2 stride {1 | 2} ?',
      '{ conv {1 | 3} -> 2..5; skip concat }',
      '{ conv 3 -> c; skip add when in == c }',
      'branches concat { a: conv 1 -> 1..4; b: dwconv 3 }',
      'branches add { a: conv 1 -> c; b: conv 3 -> c }',
      'gap as s; mul(x, s)',
      'gap as s; sub(s, x)',
      'gap as s; add(s, x)',
      'conv 1 -> {1 | c} as s; mul(s, x)',
      'conv {1 | 3} -> {1 | 2 | 3} as s; add(x, s)',
      'layernorm, {relu | none}',
      'conv 1 -> 1..9, layernorm',
      'pad 1 channels {0 | 2}',
      'upsample {1 | 2}',
      'flatten; reshape -> 1x1x7 when in == 7',
      'Unit({3 | 4 | 7})',
      'relu ?',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) =>
    [
      'block Unit(out) { let k = {1 | 3}; conv k -> out, relu; dwconv k stride {1 | 2}; skip add when out == in and height > 6 }',
      'space s {',
      '  tie c = 2..4',
      '  input {6x6x3 | 8x6x3}',
      ...lines.map((line) => `  ${line.replace(/.* as s; .*/, '{ identity as x; $& }')}`),
      '  flatten; dense -> {3 | 6}',
      '}',
    ].join('\n'),
  );

const MOST_ARCHITECTURES = 3000n;

test('a space of more filters than can be told apart is counted, drawn from and bounded', () => {
  const file = new URL('../../test/fixtures/field/unas-filters-1-128.nas', import.meta.url);
  const { spaces, problems } = analyseText(readFileSync(file, 'utf8'));
  assert.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [['space/loose', 'information']],
  );
  const [space] = spaces;
  assert.ok(space?.usable);
  // A layer: with its pool or without, three ways of convolving, with its activation or without.
  const layer = 2n * (3n * 128n * 2n + 128n * 2n + 3n * 2n * 128n) * 2n;
  const stage = layer + layer ** 2n + layer ** 3n;
  const stages = stage + stage ** 2n + stage ** 3n + stage ** 4n;
  // Then a pool of two kinds and three windows, and a hidden layer of 42 widths or none.
  assert.deepEqual(space.size(), { count: stages * 6n * 43n, exact: true });
  const random = seeded(3);
  const drawn = Array.from({ length: 100 }, () => space.sample(random));
  const [first = {}, second = {}] = drawn;
  drawn.push(space.extreme('min'), space.extreme('max'), space.mutate(first, random));
  drawn.push(space.crossover(first, second, random));
  for (const target of targets) {
    const bounds = boundSpace(space, target);
    const pricer = createPricer(space, target);
    for (const decisions of drawn) {
      assert.deepEqual(space.normalize(decisions), { decisions });
      checkWithin(pricer.price(decisions), bounds.total, target.runtime.id);
    }
    assert.equal(bounds.total.macs.exact, false);
    assert.ok(bounds.statements.length > 0 && bounds.holders.length > 0);
  }
});

test('no architecture lies outside them whatever the numbers of channels', () => {
  let checked = 0;
  fc.assert(
    fc.property(wide, fc.constantFrom(1, 64), (text, width) => {
      const { count } = spaceOf(text).size();
      if (count > 0n && count <= MOST_ARCHITECTURES && checkSound(text, width, 1)) checked++;
    }),
    { numRuns: 60, seed: 5 },
  );
  assert.ok(checked > 20, `only ${checked} could be relaxed`);
});

test('no architecture of a small space lies outside bounds that are loose on purpose', () => {
  let checked = 0;
  fc.assert(
    fc.property(smallProgram, fc.constantFrom(1, 2, 64), fc.constantFrom(1, 48), (text, width, few) => {
      if (checkSound(text, width, few)) checked++;
    }),
    { numRuns: 80, seed: 3 },
  );
  assert.ok(checked > 40, `only ${checked} could be relaxed`);
});

test('a layer that was measured lies in the bounds, however far it departs from the others', () => {
  const text = `target "nucleo-f446re"
space s {
  input 6x6x3
  conv 3 -> 1..9, relu
  conv 1 -> 1..9, relu
  flatten
  dense -> 4
}`;
  const space = spaceOf(text);
  const loose = relaxed(space, 2, 2);
  assert.ok(loose !== undefined);
  const plain = targetNamed({ board: 'nucleo-f446re' });
  for (const factor of [0.1, 10]) {
    const layers = [...space.enumerate()].slice(0, 30).flatMap((decisions) =>
      price(space.lower(decisions), plain).ops.flatMap(({ index, cycles }): MeasuredLayer[] => {
        const network = space.lower(decisions);
        const op = network.ops[index];
        if (op === undefined || cycles === undefined) return [];
        const shapeOf = (id: number): readonly number[] => network.tensors[id]?.shape ?? [];
        return [
          {
            kind: op.kind,
            attributes: { ...op },
            inputs: op.inputs.map(shapeOf),
            output: shapeOf(op.output),
            cycles: { least: factor * cycles.value, median: factor * cycles.value },
          },
        ];
      }),
    );
    const target: Target = {
      ...plain,
      board: {
        ...plain.board,
        measured: [
          {
            runtime: plain.runtime.id,
            clockHz: plain.clockHz,
            date: '2026-12-01',
            image: '',
            counter: 'CYCCNT',
            layers,
          },
        ],
      },
    };
    const { total } = boundSpace(loose, target, { visit: 0n });
    const pricer = createPricer(space, target);
    let measured = 0;
    for (const decisions of space.enumerate()) {
      checkWithin(pricer.price(decisions), total, text);
      if (price(space.lower(decisions), target).ops.some(({ origin }) => origin === 'measured')) measured++;
    }
    assert.ok(measured > 0);
  }
});
