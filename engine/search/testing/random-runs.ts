/** Results of searches that never were, for tests of what is made of them: few values, so that many are equal. */

import fc from 'fast-check';

import type { Constraint, Objective } from '../objectives.ts';
import type { TrialRecord } from '../types.ts';

export interface RandomRun {
  /** In the order in which they came; of a trial the later counts. */
  readonly records: readonly TrialRecord[];
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

export function randomRuns(targets: readonly string[]): fc.Arbitrary<RandomRun> {
  const digit = fc.integer({ min: 1, max: 6 });
  const cost = fc.record({
    latency: fc.oneof({ weight: 5, arbitrary: digit }, { weight: 1, arbitrary: fc.constant(undefined) }),
    ram: digit.map((kb) => kb * 1024),
    flash: digit.map((kb) => kb * 1024),
    energy: fc.constant(undefined),
    macs: digit,
    parameters: digit,
  });
  const record = fc
    .record({
      trial: fc.integer({ min: 0, max: 15 }),
      stage: fc.integer({ min: 0, max: 1 }),
      fails: fc.integer({ min: 0, max: 7 }).map((draw) => draw === 0),
      accuracy: digit.map((share) => share / 10),
      test: digit.map((share) => share / 10),
      costs: fc.tuple(...targets.map(() => cost)),
    })
    .map(({ trial, stage, fails, accuracy, test, costs }): TrialRecord => ({
      ...{ trial, stage, name: `t${trial}`, decisions: {} },
      status: fails ? 'failed' : 'done',
      result: fails
        ? undefined
        : {
            validation: { int8: accuracy, float: accuracy, samples: 500 },
            test: stage === 0 ? undefined : { int8: test, float: test, samples: 500 },
            epochs: stage === 0 ? 1 : 12,
            seconds: 1,
          },
      costs: Object.fromEntries(targets.map((target, i) => [target, costs[i] as (typeof costs)[number]])),
      error: fails ? 'It was meant to fail.' : undefined,
    }));
  const place = fc.constantFrom(undefined, ...targets);
  const cheap = fc.record({
    direction: fc.constant('min' as const),
    metric: fc.constantFrom('latency' as const, 'ram' as const, 'parameters' as const, 'macs' as const),
    weight: fc.constant(1),
    on: place,
  });
  const accurate: Objective = { direction: 'max', metric: 'accuracy', weight: 1, on: undefined };
  return fc.record({
    records: fc.array(record, { maxLength: 40 }),
    objectives: fc.array(cheap, { maxLength: 3 }).map((others) => [accurate, ...others]),
    constraints: fc.constantFrom(
      [],
      [{ metric: 'accuracy' as const, operator: '>' as const, bound: 0.2, on: undefined }],
    ),
  });
}
