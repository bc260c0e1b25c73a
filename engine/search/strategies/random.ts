/** Random search: feasible candidates drawn uniformly, without replacement. The yardstick for the others. */

import type { Strategy } from '../types.ts';
import type { StrategyContext } from './context.ts';
import { Proposer } from './proposer.ts';

export function randomSearch<C>(context: StrategyContext<C, 'random'>): Strategy<C> {
  const proposer = new Proposer(context.domain, context.random);
  return {
    ask: () => proposer.fresh(),
    tell: () => undefined,
    fail: () => undefined,
  };
}
