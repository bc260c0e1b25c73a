/** What the latency of one operator consists of: the terms of its kernel path, each with its share. */

import type { Terms } from '../../device-profiles/types.ts';
import type { DType, Op, Shape } from '../space/network.ts';
import { compiledTarget, pathOf, type CompiledPath } from './compile.ts';
import { paceOf } from './counted.ts';
import { sumsOf } from './form.ts';
import { measureQuantities, quantityCatalogue, type Quantities, type QuantityName } from './quantities.ts';
import type { Target } from './target.ts';

export interface LatencyTerm {
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
  const path = pathOf(compiled, op, quantities);
  if (path?.fitted === undefined || compiled.profile === undefined) return undefined;
  const msPerCycle = 1000 / target.clockHz;
  const amounts =
    path.form === undefined ? fittedTerms(path, quantities) : countedTerms(path, quantities, compiled.paced);
  const terms = amounts.map((term): LatencyTerm => ({
    ...term,
    latencyMs: term.amount * term.cyclesEach * msPerCycle,
  }));
  return {
    path: path.path.title,
    terms: terms.filter(({ latencyMs }) => latencyMs > 0).sort((a, b) => b.latencyMs - a.latencyMs),
    basis: path.fitted.basis,
    invokeMs: compiled.profile.invokeCycles * msPerCycle,
  };
}

type Amount = Omit<LatencyTerm, 'latencyMs'>;

function fittedTerms(
  { fitted, floor, cycles: own }: CompiledPath,
  quantities: Quantities,
): readonly Amount[] {
  const isAtFloor = floor?.cycles(quantities) === own?.(quantities);
  const cycles: Terms = (floor !== undefined && isAtFloor ? floor.fitted : fitted)?.cycles ?? {};
  return Object.entries(cycles).map(([term, cyclesEach]): Amount => {
    // The profile was checked by its schema, which lists the same names.
    const name = term as QuantityName;
    return { counts: quantityCatalogue[name], amount: quantities[name], cyclesEach };
  });
}

/** What the kernel executes, by class; then what was not counted. */
function countedTerms(
  { path, form = {}, cycles }: CompiledPath,
  quantities: Quantities,
  target: Target,
): readonly Amount[] {
  const pace = paceOf(target)?.pace;
  if (pace === undefined || cycles === undefined) return [];
  const { instruction, load, branch, weightByte } = pace.cycles;
  const factor = pace.kernels[path.family] ?? 1;
  const [instructions, loads, branches] = sumsOf(form);
  const classes = [
    [`instructions of ${path.family}`, instructions, instruction],
    ['more for each register that a load fills', loads, load],
    ['more for each branch that is taken', branches, branch],
  ] as const;
  const counted = classes.map(([counts, sum, each]): Amount => ({
    counts,
    amount: sum(quantities),
    cyclesEach: factor * each,
  }));
  const weights = {
    counts: 'more for each byte of weights that streams from flash',
    amount: quantities.streamedWeights,
    cyclesEach: weightByte,
  };
  const known = [...counted, weights].reduce((sum, { amount, cyclesEach }) => sum + amount * cyclesEach, 0);
  return [
    ...counted,
    weights,
    { counts: 'calling the operator', amount: 1, cyclesEach: cycles(quantities) - known },
  ];
}
