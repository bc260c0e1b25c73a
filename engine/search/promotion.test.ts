import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { promotionOrder, stageEpochs } from './promotion.ts';
import { expectedEvaluations } from './run/progress.ts';
import { endOfStage, fitToTime, shortenToTime } from './run/time-plan.ts';

describe('stages', () => {
  it('goes from the least to the most epochs in steps of about three', () => {
    assert.deepEqual(stageEpochs({ low: 3, high: 30 }), [3, 9, 30]);
    assert.deepEqual(stageEpochs({ low: 1, high: 6 }), [1, 2, 6]);
    assert.deepEqual(stageEpochs({ low: 2, high: 3 }), [2, 3]);
    assert.deepEqual(stageEpochs({ low: 5, high: 5 }), [5]);
    assert.deepEqual(stageEpochs({ low: 0.25, high: 12 }), [0.25, 0.66, 2, 5, 12]);
    assert.deepEqual(stageEpochs({ low: 0.5, high: 0.5 }), [0.5]);
  });
});

describe('progress', () => {
  it('counts a third of each stage in the next', () => {
    assert.equal(expectedEvaluations(60, [1, 3, 12]), 60 + 20 + 7);
  });
});

describe('promotion', () => {
  it('takes the best of the first objective, then what adds most to the front, then the dominated, then the infeasible', () => {
    const points = [
      { scores: [9, 0], violation: 0 },
      { scores: [0, 9], violation: 0 },
      { scores: [1, 8.9], violation: 0 },
      { scores: [4, 4], violation: 0 },
      { scores: [9, 9], violation: 0 },
      { scores: [0, 0], violation: 1 },
    ];
    const order = promotionOrder(points);
    assert.deepEqual(order.slice(0, 2), [1, 3]);
    assert.deepEqual(order.slice(-2), [4, 5]);
  });

  it('orders every trial exactly once', () => {
    const point = fc.record({
      scores: fc.tuple(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
      ),
      violation: fc.constantFrom(0, 0, 1),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const order = promotionOrder(points);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          points.map((_, i) => i),
        );
      }),
    );
  });
});

describe('a stage that has to fit in time', () => {
  it('shares the budget so that every stage has some and the last ends with it', () => {
    for (const stages of [1, 2, 3, 4, 5]) {
      const ends = Array.from({ length: stages }, (_, stage) => endOfStage(stage, stages));
      assert.equal(ends.at(-1), 1);
      ends.forEach((end, i) => assert.ok(end > (ends[i - 1] ?? 0)));
    }
  });

  it('shortens the last training when time is too short for it, but not below what the trials had', () => {
    const seconds = (): number => 10;
    assert.deepEqual(shortenToTime(plan, seconds, 2, 60, 4), { ...plan, epochs: 5, trials: [4, 2] });
    assert.equal(shortenToTime(plan, seconds, 2, 60, 6), undefined);
    assert.deepEqual(shortenToTime(plan, seconds, 2, 6, 0.25), { ...plan, epochs: 0.52, trials: [4, 2] });
    assert.equal(shortenToTime(plan, seconds, 2, 0.1, 0), undefined);
  });

  const plan = { stage: 1, epochs: 9, trials: [4, 2, 7, 1] };

  it('keeps all when there is time without end', () => {
    assert.deepEqual(
      fitToTime(plan, () => 100, 2, Infinity),
      plan,
    );
  });

  it('passes over what takes too long for what is quicker', () => {
    const seconds = new Map([
      [4, 50],
      [2, 1000],
      [7, 50],
      [1, 30],
    ]);
    const fitted = fitToTime(plan, (trial) => seconds.get(trial) ?? 0, 1, 100);
    assert.deepEqual(fitted.trials, [4, 1]);
    assert.deepEqual(fitToTime(plan, (trial) => seconds.get(trial) ?? 0, 2, 60).trials, [4, 7]);
  });
});
