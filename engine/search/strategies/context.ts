/** What a strategy is made from. */

import type { RunningStrategy, strategies } from '../../space/index.ts';
import type { RandomSource } from '../../space/types.ts';
import type { Domain, Strategy } from '../types.ts';

/** `K` is the name of its row in `engine/space/strategies`. */
export interface StrategyContext<C, K extends RunningStrategy> {
  readonly domain: Domain<C>;
  readonly random: RandomSource;
  /** Those of its row: as written, else their default. */
  readonly settings: Readonly<Record<keyof (typeof strategies)[K]['settings'], number>>;
  /** Weight of each objective in the order of the scores. */
  readonly weights: readonly number[];
}

export type CreateStrategy<K extends RunningStrategy> = <C>(context: StrategyContext<C, K>) => Strategy<C>;
