import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import {
  constrainedDominates,
  crowdingDistances,
  dominates,
  hypervolume,
  nonDominated,
  rankByFrontAndCrowding,
  sortIntoFronts,
} from './pareto.ts';

const pointsOf = (dimensions: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: dimensions, maxLength: dimensions }), {
    maxLength: 9,
  });

describe('fronts', () => {
  it('leaves out the dominated and the repeated', () => {
    const points = [
      [1, 3],
      [2, 2],
      [2, 3],
      [1, 3],
      [3, 1],
    ];
    assert.deepEqual(nonDominated(points), [0, 1, 4]);
  });

  it('sorts so that nothing in a front dominates its peers and each later point is dominated by the front before', () => {
    fc.assert(
      fc.property(pointsOf(3), (points) => {
        const rated = points.map((scores, i) => ({ scores, violation: i % 3 === 0 ? 1 : 0 }));
        const fronts = sortIntoFronts(rated);
        assert.deepEqual(
          fronts.flat().sort((a, b) => a - b),
          points.map((_, i) => i),
        );
        fronts.forEach((front, level) => {
          for (const i of front) {
            const point = rated[i];
            assert.ok(point);
            const beats = (j: number): boolean => {
              const other = rated[j];
              return other !== undefined && constrainedDominates(other, point);
            };
            assert.ok(!front.some(beats));
            if (level > 0) assert.ok(fronts[level - 1]?.some(beats));
          }
        });
      }),
    );
  });

  it('puts feasible points first and the less infeasible before the more', () => {
    const rated = [
      { scores: [0, 0], violation: 2 },
      { scores: [9, 9], violation: 0 },
      { scores: [5, 5], violation: 1 },
    ];
    assert.deepEqual(rankByFrontAndCrowding(rated), [1, 2, 0]);
  });

  it('gives the ends of a front infinite crowding distance', () => {
    const crowding = crowdingDistances([
      [0, 4],
      [1, 2],
      [4, 0],
    ]);
    assert.deepEqual(crowding, [Infinity, 2, Infinity]);
  });
});

describe('hypervolume', () => {
  it('is the area of the known staircase', () => {
    const staircase = [
      [1, 3],
      [2, 2],
      [3, 1],
    ];
    assert.equal(hypervolume(staircase, [4, 4]), 6);
    assert.equal(hypervolume([[5, 0]], [4, 4]), 0);
    assert.equal(hypervolume([], [4, 4]), 0);
  });

  for (const dimensions of [1, 2, 3, 4]) {
    it(`counts unit cells exactly in ${dimensions} dimensions`, () => {
      const side = 5;
      const reference = Array.from({ length: dimensions }, () => side);
      fc.assert(
        fc.property(pointsOf(dimensions), (points) => {
          let cells = 0;
          for (let index = 0; index < side ** dimensions; index++) {
            const cell = reference.map((_, d) => Math.floor(index / side ** d) % side);
            if (points.some((p) => p.every((v, d) => v <= (cell[d] ?? 0)))) cells++;
          }
          assert.equal(hypervolume(points, reference), cells);
        }),
        { numRuns: 60 },
      );
    });
  }

  it('never shrinks when a point is added, and grows only if none dominated it', () => {
    fc.assert(
      fc.property(
        pointsOf(3),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 3 }),
        (points, extra) => {
          const reference = [7, 7, 7];
          const before = hypervolume(points, reference);
          const after = hypervolume([...points, extra], reference);
          const covered = points.some((p) => dominates(p, extra) || p.every((v, i) => v === extra[i]));
          assert.equal(after > before, !covered);
        },
      ),
    );
  });
});
