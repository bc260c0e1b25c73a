/** Random search: feasible candidates drawn uniformly, without replacement. The yardstick for the others. */

import type { Strategy } from '../types.ts';
import type { StrategyContext } from './context.ts';
import { Proposer } from './proposer.ts';

export function randomSearch<C>(context: StrategyContext<C>): Strategy<C> {
  const proposer = new Proposer(context.domain, context.random);
  return {
    name: 'random',
    ask: () => proposer.fresh(),
    tell: () => undefined,
    fail: () => undefined,
  };
}
