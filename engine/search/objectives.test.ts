import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  type Constraint,
  metricValue,
  missedConstraints,
  scoresOf,
  unsupportedMetrics,
  violationOf,
} from './objectives.ts';
import type { TrialRecord } from './types.ts';

const cost = {
  latency: 10,
  ram: 20 * 1024,
  flash: 100,
  energy: undefined,
  macs: 5,
  parameters: 7,
};
const trial: Pick<TrialRecord, 'costs' | 'result'> = {
  costs: { a: cost, b: { ...cost, latency: 30 } },
  result: undefined,
};
const trained: typeof trial = {
  ...trial,
  result: {
    validation: { int8: 0.8, float: 0.8, samples: 10 },
    test: { int8: 0.9, float: 0.9, samples: 10 },
    epochs: 1,
    seconds: 1,
  },
};
const must = (
  metric: Constraint['metric'],
  operator: Constraint['operator'],
  bound: number,
  on?: string,
) => ({
  metric,
  operator,
  bound,
  on,
});

describe('objectives', () => {
  it('take the worst of all targets, or the one that is named', () => {
    assert.equal(metricValue(trial, 'latency', undefined), 30);
    assert.equal(metricValue(trial, 'latency', 'a'), 10);
    assert.equal(metricValue(trial, 'latency', 'c'), undefined);
    assert.equal(metricValue(trial, 'energy', undefined), undefined);
  });

  it('take the least of all targets where more is better', () => {
    const lives = { a: { ...cost, 'battery life': 300 }, b: { ...cost, 'battery life': 90 } };
    const both: typeof trial = { ...trial, costs: lives };
    assert.equal(metricValue(both, 'battery life', undefined), 90);
    assert.equal(violationOf(both, [must('battery life', '>', 180)]), 0.5);
    assert.equal(violationOf(both, [must('battery life', '>', 180, 'a')]), 0);
    assert.match(
      missedConstraints(both, [must('battery life', '>', 180)])[0] ?? '',
      /^battery life is 90 days, which has to be > 180 days$/,
    );
    const goal = { direction: 'max', metric: 'battery life', weight: 1, on: undefined } as const;
    assert.deepEqual(scoresOf(both, [goal]), [-90]);
  });

  it('take the runtime in where a limit is on the total', () => {
    const whole: typeof trial = { ...trial, costs: { a: { ...cost, 'flash total': 5000 } } };
    const limit = must('flash total', '<', 1000);
    assert.equal(violationOf(whole, [must('flash', '<', 1000)]), 0);
    assert.equal(violationOf(whole, [limit]), 4);
    assert.match(missedConstraints(whole, [limit])[0] ?? '', /^flash total is 4\.883 KB/);
    assert.deepEqual(unsupportedMetrics(trial, [limit]), ['flash total']);
  });

  it('judge accuracy by the validation split alone, and what is unknown as the worst', () => {
    const objectives = [
      { direction: 'max', metric: 'accuracy', weight: 1, on: undefined },
      { direction: 'min', metric: 'energy', weight: 1, on: undefined },
    ] as const;
    assert.deepEqual(scoresOf(trained, objectives), [-0.8, Infinity]);
  });
});

describe('constraints', () => {
  it('add up how far each is missed, relative to its bound', () => {
    assert.equal(violationOf(trial, [must('ram', '<', 16 * 1024), must('latency', '<=', 30)]), 0.25);
    assert.equal(violationOf(trial, [must('latency', '>=', 60, 'b')]), 0.5);
    assert.equal(violationOf(trial, [must('macs', '==', 5)]), 0);
  });

  it('are missed by a value at a strict bound, and met just inside', () => {
    assert.ok(violationOf(trial, [must('macs', '<', 5)]) > 0);
    assert.ok(violationOf(trial, [must('macs', '>', 5)]) > 0);
    assert.equal(violationOf(trial, [must('macs', '<=', 5), must('macs', '>=', 5)]), 0);
  });

  it('on accuracy wait for the training', () => {
    const accurate = [must('accuracy', '>=', 0.85)];
    assert.equal(violationOf(trial, accurate), 0);
    assert.ok(violationOf(trained, accurate) > 0);
  });

  it('are told in units', () => {
    assert.deepEqual(missedConstraints(trial, [must('ram', '<', 16 * 1024), must('latency', '<', 20, 'b')]), [
      'ram is 20 KB, which has to be < 16 KB',
      'latency on b is 30 ms, which has to be < 20 ms',
    ]);
  });

  it('that no data supports are named once', () => {
    assert.deepEqual(
      unsupportedMetrics(trial, [must('energy', '<', 1), must('energy', '<', 1, 'a'), must('ram', '<', 1)]),
      ['energy'],
    );
  });
});
