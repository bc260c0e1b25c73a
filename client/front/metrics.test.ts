import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { metricWords, staircase } from './metrics.ts';

test('numbers carry their unit and three digits', () => {
  assert.equal(metricWords.accuracy.format(0.8816), '88.2 %');
  assert.equal(metricWords.latency.format(12.345), '12.3 ms');
  assert.equal(metricWords.ram.format(15_872), '15.5 KB');
  assert.equal(metricWords.latency.format(0.0042), '4.20 µs');
  assert.equal(metricWords.latency.format(0), '0 ms');
  assert.equal(metricWords.ram.format(290), '290 B');
  assert.equal(metricWords.flash.format(3_000_000), '2.86 MB');
  assert.equal(metricWords.energy.format(44_800), '44.8 mJ');
  assert.equal(metricWords.macs.format(1_234_567), '1.23 M');
});

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
