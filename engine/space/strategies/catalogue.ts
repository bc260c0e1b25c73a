/** The search strategies, a row each. One that runs has a file beside `engine/search/strategies/random.ts`, too. */

import { type SettingForms, wholeFrom } from '../settings/forms.ts';
import type { StrategyRow } from './strategy.ts';

/** Of strategies that do not run yet. */
const later = {
  weights: 'relaxed',
  runs: false,
  settings: {
    population: {
      example: '24',
      number: wholeFrom(2),
      documentation: 'Architectures that are kept at a time.',
    },
    epochs: { example: '25', documentation: 'Epochs of the training.' },
    warmup: { example: '5', documentation: 'Epochs before choices are trained, too.' },
    hardware_loss: { example: 'log(latency / 80 ms)', documentation: 'What costs add to the loss.' },
    temperature: { example: '5', documentation: 'How soft choices are at first.' },
    candidates: { example: '100', documentation: 'Architectures that are judged without training.' },
  },
} as const;

/** By name, the one that most searches want first. */
export const strategies = {
  nsga2: {
    summary: 'Genetic algorithm for several objectives (NSGA-II)',
    documentation:
      'NSGA-II (Deb et al. 2002), steady-state: keeps a population that covers the Pareto front, breeds from it, and ' +
      'trains the offspring that promises most by its costs and by what was learned from earlier ones. ' +
      'The choice for two or more objectives.',
    settings: {
      population: {
        example: '24',
        number: wholeFrom(2),
        // Small, since searches on real training have few evaluations.
        byDefault: 16,
        documentation: 'Architectures that are kept to breed from.',
      },
    },
    weights: 'scratch',
    runs: true,
  },
  evolution: {
    summary: 'Regularised evolution',
    documentation:
      'Regularised evolution (Real et al. 2019): the best of a random sample of the population is mutated and the ' +
      'oldest member dies. Several objectives are weighed anew at random for each tournament.',
    settings: {
      population: {
        example: '24',
        number: wholeFrom(2),
        byDefault: 50,
        documentation: 'Architectures that are alive at a time.',
      },
      sample: {
        example: '10',
        number: wholeFrom(1),
        byDefault: 10,
        documentation: 'Architectures that compete to be mutated.',
      },
    },
    weights: 'scratch',
    runs: true,
  },
  random: {
    summary: 'Random search without repetition',
    documentation:
      'Draws architectures that meet the constraints uniformly and never the same twice. Use it to see what the other ' +
      'strategies are worth.',
    settings: {},
    weights: 'scratch',
    runs: true,
  },
  darts: {
    ...later,
    summary: 'Differentiable search over cells',
    documentation:
      'Trains the choices of cells together with the weights (Liu et al. 2019). Does not run yet.',
  },
  ofa: {
    ...later,
    summary: 'Once-for-all supernet',
    documentation: 'Trains one network that holds all architectures (Cai et al. 2020). Does not run yet.',
    weights: 'supernet',
  },
  predictor: {
    ...later,
    summary: 'Search guided by a learned predictor',
    documentation: 'Trains what a learned predictor of accuracy prefers. Does not run yet.',
    weights: 'scratch',
  },
} as const satisfies Readonly<Record<string, StrategyRow>>;

type Strategies = typeof strategies;
export type StrategyName = keyof Strategies;
/** Those that can search. */
export type RunningStrategy = {
  [K in StrategyName]: Strategies[K]['runs'] extends true ? K : never;
}[StrategyName];

export function strategyRow(name: string): StrategyRow | undefined {
  return Object.hasOwn(strategies, name) ? strategies[name as StrategyName] : undefined;
}

export const strategyNames: readonly StrategyName[] = Object.keys(strategies) as StrategyName[];
export const runningStrategies = strategyNames.filter(
  (name): name is RunningStrategy => strategies[name].runs,
);

/** The settings of all strategies that run, each once: what a command line can ask for. */
export const strategySettings: SettingForms = Object.assign(
  {},
  ...runningStrategies.toReversed().map((name) => strategies[name].settings),
) as SettingForms;
