import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { staircase } from './metrics.ts';

test('the staircase keeps exactly the points that no other beats', () => {
  const point = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const kept = staircase(points, 'lower', 'higher');
      const beats = (a: { x: number; y: number }, b: { x: number; y: number }): boolean =>
        a.x <= b.x && a.y >= b.y && (a.x < b.x || a.y > b.y);
      for (const candidate of points) {
        const beaten = points.some((other) => beats(other, candidate));
        const there = kept.some((other) => other.x === candidate.x && other.y === candidate.y);
        assert.equal(there, !beaten);
      }
      assert.deepEqual(
        kept.map(({ x }) => x),
        [...new Set(kept.map(({ x }) => x))].sort((a, b) => a - b),
      );
    }),
  );
});
