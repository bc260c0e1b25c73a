import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { metricValue, type Constraint, type Objective } from './objectives.ts';
import { Ranking } from './ranking.ts';
import { randomRuns } from './testing/random-runs.ts';
import type { TrialRecord } from './types.ts';

const on = (target: string) => ({ target });

/** By every metric of the run, on one target: worse nowhere and better somewhere. */
function beats(a: TrialRecord, b: TrialRecord, objectives: readonly Objective[], target: string): boolean {
  const pairs = objectives.map(({ direction, metric, on: named }) => {
    const [x = Infinity, y = Infinity] = [a, b].map((trial) => metricValue(trial, metric, named ?? target));
    return direction === 'max' ? [-x, -y] : [x, y];
  });
  return pairs.every(([x = 0, y = 0]) => x <= y) && pairs.some(([x = 0, y = 0]) => x < y);
}

describe('the ranking', () => {
  it('lists on each target what no usable trial beats there, and the same whatever came before', () => {
    fc.assert(
      fc.property(randomRuns(['a', 'b']), ({ records, objectives, constraints }) => {
        const settings = { targets: [on('a'), on('b')], objectives, constraints };
        const ranking = new Ranking(settings);
        const latest = new Map<number, TrialRecord>();
        for (const record of records) {
          ranking.hear(record);
          latest.set(record.trial, record);
          ranking.current();
        }
        const afresh = new Ranking(settings);
        for (const record of latest.values()) afresh.hear(record);
        assert.deepEqual(ranking.current(), afresh.current());
        for (const { target, trials, fullyTrained } of ranking.current()) {
          const listed = (numbers: readonly number[]): TrialRecord[] =>
            numbers.flatMap((trial) => latest.get(trial) ?? []);
          for (const front of [listed(trials), listed(fullyTrained)]) {
            for (const trial of front) {
              assert.equal(trial.status, 'done');
              assert.ok(!front.some((other) => beats(other, trial, objectives, target)));
            }
          }
          assert.ok(listed(fullyTrained).every(({ result }) => result?.test !== undefined));
        }
      }),
    );
  });

  it('judges each target by its own costs', () => {
    const cost = (latency: number) => ({
      ...{ latency, ram: 1, flash: 1, energy: undefined, macs: 1, parameters: 1 },
    });
    const trial = (number: number, a: number, b: number): TrialRecord => ({
      ...{ trial: number, stage: 0, name: '', decisions: {}, status: 'done', error: undefined },
      result: { validation: { int8: 0.8, float: 0.8, samples: 1 }, test: undefined, epochs: 1, seconds: 1 },
      costs: { a: cost(a), b: cost(b) },
    });
    const objectives: Objective[] = [{ direction: 'min', metric: 'latency', weight: 1, on: undefined }];
    const ranking = new Ranking({ targets: [on('a'), on('b')], objectives, constraints: [] });
    for (const record of [trial(0, 1, 9), trial(1, 9, 1), trial(2, 5, 5)]) ranking.hear(record);
    assert.deepEqual(
      ranking.current().map(({ trials }) => trials),
      [[0], [1]],
    );
    const everywhere = new Ranking({
      targets: [on('a'), on('b')],
      objectives: objectives.map((objective) => ({ ...objective, on: 'b' })),
      constraints: [],
    });
    for (const record of [trial(0, 1, 9), trial(1, 9, 1)]) everywhere.hear(record);
    assert.deepEqual(
      everywhere.current().map(({ trials }) => trials),
      [[1], [1]],
    );
  });

  it('tells what a trial breaks as it is written, and how far its test accuracy can be trusted', () => {
    const constraints: Constraint[] = [
      { metric: 'accuracy', operator: '>', bound: 0.75, on: undefined },
      { metric: 'ram', operator: '<', bound: 16 * 1024, on: undefined },
    ];
    const split = (int8: number, samples: number | undefined) => ({ int8, float: undefined, samples });
    const record: TrialRecord = {
      ...{ trial: 0, stage: 1, name: '', decisions: {}, status: 'done', costs: {}, error: undefined },
      result: { validation: split(0.7, 500), test: split(0.9, 100), epochs: 3, seconds: 1 },
    };
    const ranking = new Ranking({ targets: [], objectives: [], constraints });
    const told = ranking.tell(record);
    assert.deepEqual([told.fullyTrained, told.breaks], [true, ['accuracy > 75 %']]);
    assert.ok((told.testInterval?.low ?? 1) < 0.9 && (told.testInterval?.high ?? 0) > 0.9);
    const older = { ...record, result: { ...record.result, test: split(0.9, undefined) } } as TrialRecord;
    assert.equal(ranking.tell(older).testInterval, undefined);
  });
});
