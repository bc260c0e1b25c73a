import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { SearchError } from '../errors.ts';
import { type RunningStrategy, runningStrategies } from '../../space/index.ts';
import { createStrategy } from '../registry.ts';
import type { Domain, Strategy } from '../types.ts';
import { nasBench201, nasBenchMacro, type Table } from '../../../test/tables/table.ts';

/** Numbers below `size`; what lies at or above `limit` violates a constraint. */
function numbers(size: number, limit: number): Domain<number> {
  return {
    sample: (random) => random.nextInt(size),
    mutate: (n, random) => (n + (random.nextInt(2) === 0 ? 1 : size - 1)) % size,
    crossover: (a, b) => Math.floor((a + b) / 2),
    key: String,
    violation: (n) => Math.max(0, n - limit + 1),
    enumerate: () => Array.from({ length: size }, (_, i) => i),
    explain: (n) => `${n} is above ${limit - 1}.`,
  };
}

function make<C>(name: RunningStrategy, domain: Domain<C>, seed: number): Strategy<C> {
  return createStrategy(name, domain, { seed, weights: [1, 1] });
}

function askAll(strategy: Strategy<number>, count: number): number[] {
  const asked: number[] = [];
  for (let i = 0; i < count; i++) {
    const candidate = strategy.ask();
    if (candidate === undefined) break;
    asked.push(candidate);
    if (candidate % 7 === 3) strategy.fail(candidate);
    else strategy.tell({ candidate, scores: [candidate, -candidate], violation: 0 });
  }
  return asked;
}

for (const name of runningStrategies) {
  describe(`strategy ${name}`, () => {
    it('repeats itself for equal seeds and not for others', () => {
      const domain = numbers(100_000, 100_000);
      const once = askAll(make(name, domain, 5), 60);
      assert.deepEqual(askAll(make(name, domain, 5), 60), once);
      assert.notDeepEqual(askAll(make(name, domain, 6), 60), once);
    });

    it('proposes each feasible candidate exactly once and then stops, whatever the size of the space', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), (size, limit) => {
          const asked = askAll(make(name, numbers(size, limit), 1), 1000);
          assert.equal(new Set(asked).size, asked.length);
          assert.deepEqual(
            asked.sort((a, b) => a - b),
            Array.from({ length: Math.min(size, limit) }, (_, i) => i),
          );
        }),
        { numRuns: 20 },
      );
    });

    it('finds by repair what is too rare to be drawn', () => {
      const domain = { ...numbers(1_000_000, 12), enumerate: () => [] };
      // A mutation can jump as far as the number has digits, so a descent exists.
      const asked = askAll(
        make(name, { ...domain, mutate: (n, random) => Math.floor(n / (1 + random.nextInt(4))) }, 2),
        3,
      );
      assert.equal(asked.length, 3);
      assert.ok(asked.every((n) => n < 12));
    });

    it('says which constraint cannot be met when nothing fits', () => {
      assert.throws(
        () => make(name, numbers(50, 0), 3).ask(),
        (error) =>
          error instanceof SearchError && error.code === 'infeasible' && /is above -1/.test(error.message),
      );
    });
  });
}

describe('nsga2 with foresight', () => {
  const foreseeing = (size: number, limit: number): Domain<number> => ({
    ...numbers(size, limit),
    foresee: (n) => ({ scores: [undefined, -n], figures: [n], traits: [`parity=${n % 2}`] }),
  });

  it('still proposes each feasible candidate exactly once, and repeats itself for equal seeds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), (size, limit) => {
        const asked = askAll(make('nsga2', foreseeing(size, limit), 1), 1000);
        assert.deepEqual(askAll(make('nsga2', foreseeing(size, limit), 1), 1000), asked);
        assert.deepEqual(
          asked.sort((a, b) => a - b),
          Array.from({ length: Math.min(size, limit) }, (_, i) => i),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('finds a better front, and a more accurate end of it, in few evaluations', () => {
    const table = nasBenchMacro();
    const { foresee, ...blind } = table.domain;
    assert.ok(foresee !== undefined);
    const run = (domain: Domain<string>, seed: number): string[] => {
      const strategy = make('nsga2', domain, seed);
      return Array.from({ length: 40 }, () => {
        const candidate = strategy.ask();
        assert.ok(candidate !== undefined);
        strategy.tell({ candidate, scores: table.scores(candidate), violation: 0 });
        return candidate;
      });
    };
    const mean = (domain: Domain<string>, judge: (asked: string[]) => number): number =>
      [0, 1, 2, 3, 4, 5].reduce((sum, seed) => sum + judge(run(domain, seed)) / 6, 0);
    const volume = (asked: string[]): number => table.normalisedHypervolume(asked, 'nadir');
    const best = (asked: string[]): number => Math.min(...asked.map((each) => table.scores(each)[0] ?? 1));
    const volumes = [mean(table.domain, volume), mean(blind, volume)] as const;
    assert.ok(volumes[0] > volumes[1] + 0.03, volumes.join(' and '));
    const ends = [mean(table.domain, best), mean(blind, best)] as const;
    assert.ok(ends[0] < ends[1], ends.join(' and '));
  });
});

describe('search quality on published tables (few seeds; the benchmark has 30)', () => {
  const mean = (table: Table, name: RunningStrategy): number => {
    const seeds = [0, 1, 2, 3];
    const values = seeds.map((seed) => {
      const strategy = make(name, table.domain, seed);
      const asked = Array.from({ length: 200 }, () => {
        const candidate = strategy.ask();
        assert.ok(candidate !== undefined);
        strategy.tell({ candidate, scores: table.scores(candidate), violation: 0 });
        return candidate;
      });
      return table.normalisedHypervolume(asked, 'nadir');
    });
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const cases: readonly (readonly [Table, RunningStrategy, number])[] = [
    [nasBenchMacro(), 'nsga2', 0.96],
    [nasBenchMacro(), 'evolution', 0.91],
    [nasBench201('eyeriss'), 'nsga2', 0.92],
    [nasBench201('eyeriss'), 'evolution', 0.88],
  ];
  for (const [table, name, bar] of cases) {
    it(`${name} reaches ${bar} on ${table.name}`, () => {
      const reached = mean(table, name);
      assert.ok(reached >= bar, `reached ${reached.toFixed(4)}`);
      assert.ok(reached <= 1 + 1e-9);
    });
  }
});
