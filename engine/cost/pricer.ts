/** The fast path of the search: the totals of {@link price} for many architectures, operators remembered. */

import type { Network, Shape } from '../space/network.ts';
import type { Decisions, SearchSpace } from '../space/types.ts';
import { GreedyPlanner } from './arena.ts';
import { assemble, tensorOf } from './assemble.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import type { OperatorFigures } from './operator.ts';
import type { Target } from './target.ts';
import type { NetworkCost } from './types.ts';

export type NetworkTotals = NetworkCost['total'];

/** Holds what is reused between networks: remembered operators and the planner's storage. */
export class Pricer {
  readonly compiled: CompiledTarget;
  readonly memo: OperatorMemo;
  readonly planner: GreedyPlanner;

  constructor(compiled: CompiledTarget) {
    this.compiled = compiled;
    this.memo = memoOf(compiled);
    this.planner = new GreedyPlanner(compiled.target.runtime.memory.alignment);
  }
}

/** Equal to `price(network, target).total`, without the account per operator. */
export function priceNetworkTotals(pricer: Pricer, network: Network): NetworkTotals {
  const figures: OperatorFigures[] = [];
  for (const op of network.ops) {
    const inputs: Shape[] = [];
    let format = undefined;
    for (const id of op.inputs) {
      const tensor = tensorOf(network, id);
      format ??= tensor.dtype;
      inputs.push(tensor.shape);
    }
    const output = tensorOf(network, op.output);
    figures.push(pricer.memo.figures(op, inputs, output.shape, format ?? output.dtype, output.dtype));
  }
  return assemble(pricer.compiled, network, figures, pricer.planner).total;
}

export interface SpacePricer {
  /** Totals of one architecture. Throws when `decisions` is not of the space, as `lower` does. */
  price(decisions: Decisions): NetworkTotals;
  /** The same for a network that is already lowered. */
  priceNetwork(network: Network): NetworkTotals;
}

/** Prices many architectures of one space on one target. Not to be shared between threads. */
export function createPricer(space: SearchSpace, target: Target): SpacePricer {
  const pricer = new Pricer(compiledTarget(target));
  return {
    price: (decisions) => priceNetworkTotals(pricer, space.lower(decisions)),
    priceNetwork: (network) => priceNetworkTotals(pricer, network),
  };
}
