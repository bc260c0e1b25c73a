/** What a strategy is made from. */

import type { RandomSource } from '../../space/types.ts';
import type { Domain } from '../types.ts';

export interface StrategyContext<C> {
  readonly domain: Domain<C>;
  readonly random: RandomSource;
  /** Members kept; the strategy's own default when undefined. */
  readonly population: number | undefined;
  /** Tournament size of regularised evolution. */
  readonly sample: number | undefined;
  /** Weight of each objective in the order of the scores. */
  readonly weights: readonly number[];
}
