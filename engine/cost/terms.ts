/** What the latency of one operator consists of: the terms of its kernel path, each with its share. */

import type { DType, Op, Shape } from '../space/network.ts';
import { compiledTarget } from './compile.ts';
import { measureQuantities, quantityCatalogue, type QuantityName } from './quantities.ts';
import type { Target } from './target.ts';

export interface LatencyTerm {
  readonly name: QuantityName;
  /** What it counts, in words. */
  readonly counts: string;
  /** How many of them the operator has. */
  readonly amount: number;
  /** Cycles that one takes, fitted. */
  readonly cyclesEach: number;
  /** Of the whole term, at the target's clock. */
  readonly latencyMs: number;
}

export interface LatencyTerms {
  /** The kernel path, in words. */
  readonly path: string;
  /** Dearest first; those that cost nothing are left out. Their sum is the latency of the operator. */
  readonly terms: readonly LatencyTerm[];
  /** Where the interval of the operator comes from: a sentence; absent where nobody said. */
  readonly basis: string | undefined;
  /** Milliseconds of one inference outside all operators. */
  readonly invokeMs: number;
}

/** `undefined` where the operator has no latency: no data, or the runtime cannot run it. */
export function latencyTerms(
  op: Op,
  inputs: readonly Shape[],
  output: Shape,
  target: Target,
  format: DType = 'int8',
): LatencyTerms | undefined {
  const compiled = compiledTarget(target);
  const quantities = measureQuantities(op, inputs, output, { input: format, output: format });
  const path = compiled.paths(op.kind).find(({ holds }) => holds(quantities));
  if (path?.fitted === undefined || compiled.profile === undefined) return undefined;
  const msPerCycle = 1000 / target.clockHz;
  const { floor } = path;
  const isAtFloor = floor?.cycles(quantities) === path.cycles?.(quantities);
  const { cycles } = floor !== undefined && isAtFloor ? floor.fitted : path.fitted;
  const terms = Object.entries(cycles).map(([term, cyclesEach]): LatencyTerm => {
    // The profile was checked by its schema, which lists the same names.
    const name = term as QuantityName;
    const amount = quantities[name];
    const latencyMs = amount * cyclesEach * msPerCycle;
    return { name, counts: quantityCatalogue[name], amount, cyclesEach, latencyMs };
  });
  return {
    path: path.path.title,
    terms: terms.filter(({ latencyMs }) => latencyMs > 0).sort((a, b) => b.latencyMs - a.latencyMs),
    basis: path.fitted.basis,
    invokeMs: compiled.profile.invokeCycles * msPerCycle,
  };
}
