/** What layers keep alive and what uses of blocks come to, against every architecture of small spaces. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ElaboratedSpace } from '../space/search-space.ts';
import type { SearchSpace } from '../space/types.ts';
import { boundSpace, type SpaceBounds } from './bounds.ts';
import { price } from './price.ts';
import type { StatementBounds } from './statement-bounds.ts';
import type { Target } from './target.ts';
import { spaceOf, targetNamed } from './testing.ts';
import type { OpCost } from './types.ts';

const targets = [
  targetNamed({ board: 'nucleo-f446re' }),
  targetNamed({ board: 'nucleo-h743zi', runtime: 'tinyengine' }),
  targetNamed({ board: 'nucleo-h7a3zi-q', runtime: 'x-cube-ai 8' }),
];

/** Each block is used in one place, so that the layers between its braces are those of that use. */
const blocks = [
  'block A(out) { conv {1 | 3} -> out, hswish; dwconv 3, relu; skip add when out == in }',
  'block B(out) { conv 1x1 -> out, relu ?; conv 3x3 -> out; maxpool 2x2 stride 2 }',
  'block C(out, t) { let k = {1 | 3}; conv k -> in * t, relu; conv 1x1 -> out; skip add when out == in }',
  'block D(out) { branches add { left: conv 1x1 -> out; right: { dwconv 3; conv 1x1 -> out } } }',
];
const uses = [
  ['A(w)', 'A({4 | 8}) x0..2', 'A(8) x1..2 same', 'A(4) ?', 'A(w) when w > 4'],
  ['B(w)', 'B({4 | 8}) ?', 'B(8) when w > 4'],
  ['C(w, 2)', 'C(4, {1 | 2}) x0..1', 'C({4 | 8}, 1) x2'],
  ['D(w)', 'D({4 | 12}) x0..2', 'D(8) unless w > 4'],
] as const;

const text = fc
  .tuple(
    ...uses.map((options) => fc.option(fc.constantFrom(...options), { nil: '' })),
    fc.constantFrom('conv 3x3 -> w', 'conv 3x3 -> {4 | 6} stride 2, hswish', 'identity as far'),
    fc.constantFrom('', 'maxpool 2x2 stride 2', '{ conv 1x1 -> 8 as kept; conv 3x3 -> 8; add(kept) } ?'),
  )
  .map(
    (parts) =>
      `${blocks.join('\n')}\nspace s { input 12x12x4; tie w = {4 | 8}; ${[parts[4], ...parts.slice(0, 4), parts[5]].filter((part) => part !== '').join('; ')}; gap; dense -> 3 }`,
  );

const spanOf = (source: string, name: string): { start: number; end: number } => {
  const start = source.indexOf(`block ${name}(`);
  return { start, end: source.indexOf('\n', start) };
};

function inside(
  range: { low: number; high: number } | undefined,
  value: number | undefined,
  what: string,
): void {
  if (range === undefined || value === undefined) return;
  const slack = 1e-6 * Math.max(1, value);
  assert.ok(
    range.low - slack <= value && value <= range.high + slack,
    `${what}: ${value} in ${range.low} to ${range.high}`,
  );
}

const sum = (ops: readonly OpCost[], of: (op: OpCost) => number): number =>
  ops.reduce((all, op) => all + of(op), 0);

function checkUse(bounds: StatementBounds, ops: readonly OpCost[], what: string): void {
  const { metrics } = bounds;
  inside(
    metrics.latency,
    sum(ops, (op) => op.latencyMs?.value ?? NaN),
    `${what}, latency`,
  );
  inside(
    metrics.flash,
    sum(ops, (op) => op.flashBytes),
    `${what}, flash`,
  );
  inside(
    metrics.macs,
    sum(ops, (op) => op.macs),
    `${what}, MACs`,
  );
  inside(
    metrics.parameters,
    sum(ops, (op) => op.parameters),
    `${what}, parameters`,
  );
  inside(metrics.ram, Math.max(0, ...ops.map((op) => op.ramBytes)), `${what}, RAM`);
}

/** A join of branches stands around the layers of its branches. */
function innermost(
  statements: SpaceBounds['statements'],
  { start, end }: OpCost['source'],
): StatementBounds['statement'] | undefined {
  return statements
    .map(({ statement }) => statement)
    .filter((each) => each.start <= start && end <= each.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start))[0];
}

/** Instances of one layer follow each other with the same place in the text. */
function checkLayers({ statements }: SpaceBounds, ops: readonly OpCost[], exactly: boolean): void {
  for (const { statement, metrics } of statements) {
    const own = ops.filter(({ source }) => innermost(statements, source) === statement);
    if (own.length === 0) continue;
    const most = Math.max(...own.map(({ ramBytes }) => ramBytes));
    inside({ low: metrics.ram.low, high: Infinity }, most, `least of ${own[0]?.name ?? ''}`);
    for (const { ramBytes, name } of own)
      inside({ low: 0, high: metrics.ram.high }, ramBytes, `most of ${name}`);
    if (exactly) assert.equal(metrics.ram.high, most);
  }
}

function check(source: string, space: SearchSpace, target: Target): void {
  const bounds = [boundSpace(space, target), boundSpace(space, target, { visit: 0n })];
  const single = space.size().count === 1n;
  for (const decisions of space.enumerate()) {
    const { ops } = price(space.lower(decisions), target);
    for (const each of bounds) {
      checkLayers(each, ops, single && each === bounds[0]);
      for (const use of each.uses) {
        const name = use.statement.kind === 'operator' ? use.statement.name.name : undefined;
        if (name === undefined || !/^[A-D]$/.test(name)) continue;
        const { start, end } = spanOf(source, name);
        const own = ops.filter((op) => start <= op.source.start && op.source.start < end);
        checkUse(use, own, `${name} of ${space.nameOf(decisions)} in\n${source}`);
      }
    }
  }
}

test('no architecture keeps more or less alive in a layer, or spends more or less in a use, than is said', () => {
  let checked = 0;
  fc.assert(
    fc.property(text, fc.nat(targets.length - 1), (source, which) => {
      const target = targets[which];
      if (target === undefined) return;
      const space = spaceOf(source);
      const { count } = space.size();
      if (count > 64n) return;
      check(source, space, target);
      checked += 1;
    }),
    { numRuns: 60 },
  );
  assert.ok(checked > 5, String(checked));
});

test('a use comes to what its repetitions come to, from none to all', () => {
  const space = spaceOf(
    'block U(out) { conv 1x1 -> out; conv 3x3 -> out }\nspace s { input 8x8x4; U(4) x0..2; U(4) x2; gap; dense -> 2 }',
  );
  const [target] = targets;
  assert.ok(target !== undefined && space instanceof ElaboratedSpace);
  const { uses } = boundSpace(space, target);
  const macs = 8 * 8 * 4 * 4 * (1 + 9);
  assert.deepEqual(
    uses.map(({ metrics, instances }) => [
      Math.round(metrics.macs.low),
      Math.round(metrics.macs.high),
      instances,
    ]),
    [
      [0, 2 * macs, { low: 0, high: 1 }],
      [2 * macs, 2 * macs, { low: 1, high: 1 }],
    ],
  );
});
