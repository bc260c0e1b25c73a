import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GreedyPlanner } from './arena.ts';

interface Buffer {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

function plan(buffers: readonly Buffer[]): { head: number; offsets: number[]; sizes: number[] } {
  const planner = new GreedyPlanner(16);
  for (const { bytes, first, last } of buffers) planner.add(bytes, first, last);
  const head = planner.plan();
  const indices = buffers.map((_, index) => index);
  return {
    head,
    offsets: indices.map((index) => planner.offset[index] ?? -1),
    sizes: indices.map((index) => planner.size[index] ?? -1),
  };
}

/** First fit as its definition reads, without sorted structures. */
function planByDefinition(buffers: readonly Buffer[]): number {
  const sized = buffers.map((buffer, index) => ({
    ...buffer,
    index,
    size: Math.ceil(buffer.bytes / 16) * 16,
  }));
  const order = [...sized].sort((a, b) => b.size - a.size || b.index - a.index);
  const placed: { offset: number; end: number; first: number; last: number }[] = [];
  for (const { size, first, last } of order) {
    const clashes = placed.filter((other) => other.first <= last && other.last >= first);
    const candidates = [0, ...clashes.map((other) => other.end)].sort((a, b) => a - b);
    const offset = candidates.find((at) =>
      clashes.every((other) => other.end <= at || other.offset >= at + size),
    );
    assert.ok(offset !== undefined);
    placed.push({ offset, end: offset + size, first, last });
  }
  return Math.max(0, ...placed.map(({ end }) => end));
}

const bufferLists = fc.array(
  fc
    .record({ bytes: fc.integer({ min: 1, max: 300 }), first: fc.nat(12), length: fc.nat(5) })
    .map(({ bytes, first, length }) => ({ bytes, first, last: first + length })),
  { maxLength: 40 },
);

test('buffers in a chain share what they can: the largest at the bottom', () => {
  const { head, offsets } = plan([
    { bytes: 100, first: 0, last: 0 },
    { bytes: 200, first: 0, last: 1 },
    { bytes: 50, first: 1, last: 2 },
  ]);
  assert.deepEqual(offsets, [208, 0, 208]);
  assert.equal(head, 208 + 112);
});

test('on ties the later buffer is placed first', () => {
  assert.deepEqual(
    plan([
      { bytes: 64, first: 0, last: 0 },
      { bytes: 64, first: 0, last: 0 },
    ]).offsets,
    [64, 0],
  );
});

test('buffers alive together never overlap, and the head is where the last one ends', () => {
  fc.assert(
    fc.property(bufferLists, (buffers) => {
      const { head, offsets, sizes } = plan(buffers);
      let end = 0;
      buffers.forEach((a, i) => {
        end = Math.max(end, (offsets[i] ?? 0) + (sizes[i] ?? 0));
        buffers.slice(i + 1).forEach((b, k) => {
          const j = i + 1 + k;
          if (a.first > b.last || b.first > a.last) return;
          const apart =
            (offsets[i] ?? 0) + (sizes[i] ?? 0) <= (offsets[j] ?? 0) ||
            (offsets[j] ?? 0) + (sizes[j] ?? 0) <= (offsets[i] ?? 0);
          assert.ok(apart);
        });
      });
      assert.equal(head, end);
    }),
  );
});

test('the planner does what the definition of first fit by descending size says', () => {
  fc.assert(
    fc.property(bufferLists, (buffers) => {
      assert.equal(plan(buffers).head, planByDefinition(buffers));
    }),
  );
});

test('the head is at least what is alive at once and at most the sum of all buffers', () => {
  fc.assert(
    fc.property(bufferLists, (buffers) => {
      const { head, sizes } = plan(buffers);
      for (let at = 0; at < 20; at += 1) {
        const live = buffers.reduce(
          (sum, b, i) => (b.first <= at && at <= b.last ? sum + (sizes[i] ?? 0) : sum),
          0,
        );
        assert.ok(head >= live);
      }
      assert.ok(head <= sizes.reduce((a, b) => a + b, 0));
    }),
  );
});

test('very many buffers are laid out as few are', () => {
  const lists = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 100 }), gap: fc.nat(2), length: fc.nat(6) }),
    { minLength: 600, maxLength: 600 },
  );
  fc.assert(
    fc.property(lists, (steps) => {
      let at = 0;
      const buffers = steps.map(({ bytes, gap, length }) => {
        at += gap;
        return { bytes, first: at, last: at + length };
      });
      assert.equal(plan(buffers).head, planByDefinition(buffers));
    }),
    { numRuns: 10 },
  );
});

test('storage is reused: a second plan knows nothing of the first', () => {
  const planner = new GreedyPlanner(16);
  for (let i = 0; i < 100; i += 1) planner.add(1000, 0, 10);
  planner.plan();
  planner.clear();
  planner.add(10, 0, 0);
  assert.equal(planner.plan(), 16);
  assert.equal(planner.count, 1);
});
