/** The strategies by the name that a `.nas` file gives them; `engine/space/strategies` has what is said of each. */

import { type RunningStrategy, type SettingForms, strategies } from '../space/index.ts';
import { seededRandom } from '../cost/index.ts';
import type { CreateStrategy, StrategyContext } from './strategies/context.ts';
import { regularisedEvolution } from './strategies/evolution.ts';
import { nsga2 } from './strategies/nsga2.ts';
import { randomSearch } from './strategies/random.ts';
import type { Domain, Strategy } from './types.ts';

const makers: { readonly [K in RunningStrategy]: CreateStrategy<K> } = {
  nsga2,
  evolution: regularisedEvolution,
  random: randomSearch,
};

export function isRunningStrategy(name: string): name is RunningStrategy {
  return Object.hasOwn(makers, name);
}

/** A strategy from its name and what is asked of it; what its row does not have is passed over. */
export function createStrategy<C>(
  name: RunningStrategy,
  domain: Domain<C>,
  asked: {
    readonly seed: number;
    readonly settings?: Readonly<Record<string, number>>;
    readonly weights: readonly number[];
  },
): Strategy<C> {
  const rows: SettingForms = strategies[name].settings;
  const own = Object.entries(rows).map(([key, { byDefault }]) => [key, asked.settings?.[key] ?? byDefault]);
  // The row says which settings there are, and the compiler that the maker of that row asks for no others.
  const create = makers[name] as <D>(context: StrategyContext<D, RunningStrategy>) => Strategy<D>;
  return create({
    domain,
    random: seededRandom(asked.seed),
    settings: Object.fromEntries(own) as Record<string, number>,
    weights: asked.weights,
  });
}
