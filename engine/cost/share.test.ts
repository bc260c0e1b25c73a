import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finished } from '../space/steps.ts';
import type { ConstraintSetting, SearchSpace } from '../space/types.ts';
import { boundSpace } from './bounds.ts';
import { price } from './price.ts';
import { shareInSlices, type ShareOptions } from './share.ts';
import { wilsonInterval } from './wilson.ts';
import { spaceOf, targetNamed } from './testing.ts';
import { constraintVerdict } from './verdict.ts';

const target = targetNamed({ board: 'nucleo-f446re' });
const source = { file: 'test.nas', line: 0, start: 0, end: 0 };
const constraint = (
  metric: ConstraintSetting['metric'],
  operator: ConstraintSetting['operator'],
  bound: number,
): ConstraintSetting => ({ metric, operator, bound, on: undefined, source });

/** In one go. */
const shareThatFits = (space: SearchSpace, constraints: ConstraintSetting[], options?: ShareOptions) =>
  finished(shareInSlices(space, target, constraints, options));

const small = spaceOf('space s { input 16x16x3; conv {1 | 3 | 5} -> {8 | 16}; gap; dense -> 2 }');
const wide = '{4 | 8 | 12 | 16 | 20 | 24 | 28 | 32}';
const large = spaceOf(
  `space l { input 16x16x3; conv 3x3 -> ${wide}; conv 3x3 -> ${wide}; conv 3x3 -> ${wide}; conv 1x1 -> ${wide}; gap; dense -> 2 }`,
);

test('a small space is visited whole: the share is exact', () => {
  const macs = [...small.enumerate()].map(
    (decisions) => price(small.lower(decisions), target).total.macs.value,
  );
  const limit = [...macs].sort((a, b) => a - b)[3] ?? 0;
  const result = shareThatFits(small, [constraint('macs', '<', limit)]);
  assert.equal(result.exact, true);
  assert.equal(result.share, macs.filter((value) => value < limit).length / macs.length);
  assert.deepEqual([result.low, result.high], [result.share, result.share]);
});

test('a large space is sampled, and the interval holds the exact share', () => {
  const constraints = [constraint('macs', '<', 2_000_000)];
  const exact = shareThatFits(large, constraints, { enumerate: 10_000n });
  const sampled = shareThatFits(large, constraints, { samples: 500, seed: 3 });
  assert.equal(exact.exact, true);
  assert.equal(sampled.exact, false);
  assert.ok(sampled.low <= exact.share && exact.share <= sampled.high);
  assert.deepEqual(sampled, shareThatFits(large, constraints, { samples: 500, seed: 3 }));
});

test('what meets all constraints but one does not fit', () => {
  const others = [constraint('macs', '<', 1e9), constraint('latency', '<', 1e6)];
  assert.equal(shareThatFits(small, others).share, 1);
  assert.equal(shareThatFits(small, [...others, constraint('ram', '<', 1)]).share, 0);
});

test('accuracy and the constraints of other boards are left to others', () => {
  const elsewhere = { ...constraint('ram', '<', 1), on: 'pico' };
  const result = shareThatFits(small, [constraint('accuracy', '>', 0.9), elsewhere]);
  assert.equal(result.share, 1);
});

test('a constraint names the board as the target does: by its id, an alias, or with other separators', () => {
  for (const on of ['nucleo-f446re', 'f446re', 'NUCLEO_F446RE']) {
    const { share } = shareThatFits(small, [{ ...constraint('ram', '<', 1), on }]);
    assert.equal(share, 0, on);
  }
});

test('work comes in slices that can be stopped', () => {
  const work = shareInSlices(large, target, [], { samples: 500 });
  const first = work.next();
  assert.equal(first.done, false);
  assert.ok(first.value.looked > 0 && first.value.looked < 500);
});

test("Wilson's interval of 0 in 10 and of 5 in 10, by the published formula", () => {
  const none = wilsonInterval(0, 10);
  assert.equal(none.low, 0);
  assert.ok(Math.abs(none.high - 0.2775) < 1e-3);
  const half = wilsonInterval(5 / 10, 10);
  assert.ok(Math.abs(half.low - 0.2366) < 1e-3 && Math.abs(half.high - 0.7634) < 1e-3);
});

test('verdicts: impossible with the layer to blame, always, some, unknown', () => {
  const bounds = boundSpace(small, target);
  const impossible = constraintVerdict(bounds, constraint('ram', '<', 100));
  assert.equal(impossible.verdict, 'impossible');
  const text = 'conv {1 | 3 | 5} -> {8 | 16}';
  const blamed = impossible.blame?.statement.statement;
  assert.equal(blamed?.end !== undefined && blamed.end - blamed.start, text.length);
  assert.equal(constraintVerdict(bounds, constraint('ram', '<', 1e6)).verdict, 'always');
  const { low, high } = bounds.total.macs;
  assert.equal(constraintVerdict(bounds, constraint('macs', '<', (low + high) / 2)).verdict, 'some');
  assert.equal(constraintVerdict(bounds, constraint('accuracy', '>', 0.5)).verdict, 'unknown');
});
