/** The strategies by the name that a `.nas` file gives them. */

import { seededRandom } from './random-source.ts';
import { regularisedEvolution } from './strategies/evolution.ts';
import { nsga2 } from './strategies/nsga2.ts';
import { randomSearch } from './strategies/random.ts';
import type { StrategyContext } from './strategies/context.ts';
import type { Domain, Strategy } from './types.ts';

export interface StrategyInfo {
  readonly name: string;
  /** One line, for completion lists. */
  readonly summary: string;
  /** Markdown, for the documentation beside the completion list and for hovers. */
  readonly documentation: string;
  /** Settings that it understands beyond those of every search (trials, budget, fidelity, seed). */
  readonly settings: readonly { readonly name: string; readonly documentation: string }[];
  readonly create: <C>(context: StrategyContext<C>) => Strategy<C>;
}

export const strategies: readonly StrategyInfo[] = [
  {
    name: 'nsga2',
    summary: 'Genetic algorithm for several objectives (NSGA-II)',
    documentation:
      'NSGA-II (Deb et al., 2002), steady-state: keeps a population that covers the Pareto front, breeds from it, and ' +
      'trains the offspring that promises most by its costs and by what was learned from earlier ones. ' +
      'The choice for two or more objectives.',
    settings: [{ name: 'population', documentation: 'Architectures kept to breed from; 16 unless given.' }],
    create: nsga2,
  },
  {
    name: 'evolution',
    summary: 'Regularised evolution',
    documentation:
      'Regularised evolution (Real et al., 2019): the best of a random sample of the population is mutated and the ' +
      'oldest member dies. Several objectives are weighed anew at random for each tournament.',
    settings: [
      { name: 'population', documentation: 'Architectures alive at a time; 50 unless given.' },
      { name: 'sample', documentation: 'Architectures that compete to be mutated; 10 unless given.' },
    ],
    create: regularisedEvolution,
  },
  {
    name: 'random',
    summary: 'Random search without repetition',
    documentation:
      'Draws architectures that meet the constraints uniformly and never the same twice. Use it to see what the other ' +
      'strategies are worth.',
    settings: [],
    create: randomSearch,
  },
];

export function findStrategy(name: string): StrategyInfo | undefined {
  return strategies.find((strategy) => strategy.name === name);
}

/** A strategy from its name and plain settings. */
export function createStrategy<C>(
  info: StrategyInfo,
  domain: Domain<C>,
  settings: {
    readonly seed: number;
    readonly population?: number | undefined;
    readonly sample?: number | undefined;
    readonly weights: readonly number[];
  },
): Strategy<C> {
  return info.create({
    domain,
    random: seededRandom(settings.seed),
    population: settings.population,
    sample: settings.sample,
    weights: settings.weights,
  });
}
