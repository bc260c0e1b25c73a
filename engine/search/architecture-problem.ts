/** The architectures of a search space as a problem for the strategies: priced on targets, judged by accuracy. */

import { createPricer, targetIds, type NetworkTotals, type Target } from '../cost/index.ts';
import { costMetrics, NoArchitecture } from '../space/index.ts';
import type { Decisions, RandomSource, SearchSpace } from '../space/types.ts';
import { SearchError } from './errors.ts';
import {
  type Constraint,
  metricValue,
  missedConstraints,
  type Objective,
  scoresOf,
  violationOf,
} from './objectives.ts';
import type { Problem } from './run/run.ts';
import type { TrialCosts, TrialRecord } from './types.ts';

/** Prices kept, so that repair and crossover do not pay for the same architecture twice. */
const REMEMBERED = 20_000;

export function architectureProblem(
  space: SearchSpace,
  targets: readonly Target[],
  objectives: readonly Objective[],
  constraints: readonly Constraint[],
): Problem<Decisions> {
  const ids = targetIds(targets);
  const pricers = targets.map((target, i) => ({
    target: ids[i]?.target ?? target.board.id,
    pricer: createPricer(space, target),
  }));
  const prices = new Map<string, TrialRecord['costs']>();

  function costsOf(decisions: Decisions): TrialRecord['costs'] {
    const key = keyOf(decisions);
    const known = prices.get(key);
    if (known !== undefined) return known;
    const costs: TrialRecord['costs'] = Object.fromEntries(
      pricers.map(({ target, pricer }) => {
        const total = pricer.price(decisions);
        return [target, costsIn(total)];
      }),
    );
    if (prices.size >= REMEMBERED) prices.clear();
    prices.set(key, costs);
    return costs;
  }

  const predicted = (decisions: Decisions): Pick<TrialRecord, 'costs' | 'result'> => ({
    costs: costsOf(decisions),
    result: undefined,
  });

  return {
    domain: {
      sample: (random) => sampleOf(space, random),
      mutate: (decisions, random) => space.mutate(decisions, random),
      crossover: (a, b, random) => space.crossover(a, b, random),
      key: keyOf,
      violation: (decisions) => violationOf(predicted(decisions), constraints),
      enumerate: () => space.enumerate(),
      foresee: (decisions) => ({
        scores: objectives.map(({ direction, metric, on }) => {
          const value = metricValue(predicted(decisions), metric, on);
          return value === undefined || direction === 'min' ? value : -value;
        }),
        figures: Object.values(costsOf(decisions)).flatMap(figuresOf),
        traits: Object.entries(decisions).map(([id, option]) => `${id}=${option}`),
      }),
      explain: (decisions) => `${missedConstraints(predicted(decisions), constraints).join('; ')}.`,
    },
    describe: (decisions) => ({ name: space.nameOf(decisions), decisions, costs: costsOf(decisions) }),
    rate: (record) => ({
      scores: scoresOf(record, objectives),
      violation: violationOf(record, constraints),
    }),
  };
}

/** The values alone, of what is known. */
function costsIn(totals: NetworkTotals): TrialCosts {
  const known = costMetrics.flatMap((metric) => {
    const estimate = totals[metric];
    return estimate === undefined ? [] : [[metric, estimate.value] as const];
  });
  return Object.fromEntries(known) as TrialCosts;
}

function sampleOf(space: SearchSpace, random: RandomSource): Decisions {
  try {
    return space.sample(random);
  } catch (error) {
    if (error instanceof NoArchitecture) throw new SearchError('infeasible', error.message, { cause: error });
    throw error;
  }
}

/** What accuracy may follow, on a scale on which a doubling counts the same everywhere. */
function figuresOf({ latency = 0, ram, flash, macs, parameters }: TrialCosts): number[] {
  return [latency, ram, flash, macs, parameters].map((value) => Math.log(1 + value));
}

/** Equal for equal decisions, whatever the order in which they were made. */
export function keyOf(decisions: Decisions): string {
  return Object.entries(decisions)
    .map(([id, option]) => `${id}=${option}`)
    .sort()
    .join('\n');
}
