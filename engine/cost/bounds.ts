/**
 * What the architectures of a space can cost, at least and at most, without visiting them. Sums (latency, model
 * file, MACs, parameters, energy) come from the space's own walk over shapes; the arena is bounded by what must be
 * alive at once and by what first fit can waste. No architecture lies outside a bound.
 */

import type { Statement } from '../../grammar/ast.ts';
import type { Op, Shape } from '../space/network.ts';
import type { AdditiveMeasure, SearchSpace } from '../space/types.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import { createPricer } from './pricer.ts';
import type { Target } from './target.ts';
import type { Bound } from './types.ts';

/** Limits per metric, in the units of {@link import('./types.ts').NetworkCost}; absent where no data supports one. */
export interface MetricBounds {
  readonly latencyMs: Bound | undefined;
  readonly ramBytes: Bound;
  readonly flashBytes: Bound;
  readonly energyUj: Bound | undefined;
  readonly macs: Bound;
  readonly parameters: Bound;
}

export interface StatementBounds {
  readonly statement: Statement;
  readonly file: string;
  /**
   * Of ONE instance of the layer. RAM is that of its own inputs, output and scratch; others may be alive besides.
   */
  readonly metrics: MetricBounds;
  /** How often it runs in one inference. */
  readonly instances: { readonly low: number; readonly high: number };
  /** The slowest instance (the one with most MACs where no latency is known). */
  readonly example:
    { readonly op: Op; readonly inputs: readonly Shape[]; readonly output: Shape } | undefined;
}

export interface SpaceBounds {
  readonly total: MetricBounds;
  readonly statements: readonly StatementBounds[];
}

/** Spaces up to this size have their arena bounded exactly, by visiting every architecture. */
export const enumerationLimit = 256n;

/** Slots of the additive measure. */
const slot = {
  dearness: 0,
  cycles: 1,
  unknown: 2,
  flash: 3,
  macs: 4,
  parameters: 5,
  tail: 6,
  buffers: 7,
  live: 8,
  operators: 9,
};
const width = 10;

function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function measureOn(compiled: CompiledTarget, memo: OperatorMemo): AdditiveMeasure {
  const { alignment } = compiled.target.runtime.memory;
  return {
    width,
    measure(op, inputShapes, outputShape, out) {
      const figures = memo.figures(op, inputShapes, outputShape);
      const { quantities } = figures;
      const cycles = figures.cycles?.value;
      out[slot.dearness] = compiled.profile === undefined ? figures.macs : (cycles ?? 0);
      out[slot.cycles] = cycles ?? 0;
      out[slot.unknown] = cycles === undefined ? 1 : 0;
      out[slot.flash] = figures.flashBytes;
      out[slot.macs] = figures.macs;
      out[slot.parameters] = figures.parameters;
      out[slot.tail] = figures.persistentBytes;
      // Dropout has no output of its own: it hands its input on.
      const output =
        op.kind === 'dropout' ? 0 : aligned(quantities.outputs * quantities.outputElementBytes, alignment);
      const scratch = aligned(figures.scratchBytes, alignment);
      out[slot.buffers] = output + scratch;
      // The same tensor may be both inputs of an `add`, so only the first is sure to count.
      const input = aligned(quantities.inputs * quantities.elementBytes, alignment);
      out[slot.live] = input + output + scratch;
      out[slot.operators] = 1;
    },
  };
}

const scaled = (bound: { low: number; high: number }, factor: number, plus = 0) => ({
  low: bound.low * factor + plus,
  high: bound.high * factor + plus,
});

/**
 * Bytes alive while a statement's operators run. Its measure is a sum over them (a layer and its activation are
 * two): the greatest is no less than the mean and no more than the sum.
 */
function liveOf(bounds: readonly { readonly low: number; readonly high: number }[]): Bound {
  const sum = bounds[slot.live] ?? { low: 0, high: 0 };
  const operators = bounds[slot.operators] ?? { low: 1, high: 1 };
  return { low: sum.low / Math.max(1, operators.high), high: sum.high, exact: operators.high <= 1 };
}

/** Rounding in sums of many terms must not push an attained value outside its bound. */
function outward(bound: { low: number; high: number }): { low: number; high: number } {
  const slack = 1e-9;
  return { low: bound.low * (1 - slack), high: bound.high * (1 + slack) };
}

/** Architectures between two pauses of {@link visitArenas}: about a millisecond. */
const slice = 128;

/**
 * The exact least and greatest arena (bytes) of a space, by visiting every architecture: about 5 microseconds each.
 * Yields the architectures visited so far, so that a server can do it in idle time and pass the result to
 * {@link boundSpace}. `undefined` when the space has more than `limit`.
 */
export function* visitArenas(
  space: SearchSpace,
  target: Target,
  limit: bigint,
): Generator<number, Bound | undefined> {
  const size = space.size();
  if (!size.exact || size.count > limit) return undefined;
  const pricer = createPricer(space, target);
  let low = Infinity;
  let high = 0;
  let visited = 0;
  for (const decisions of space.enumerate()) {
    const { value } = pricer.price(decisions).ramBytes;
    low = Math.min(low, value);
    high = Math.max(high, value);
    visited += 1;
    if (visited % slice === 0) yield visited;
  }
  return low <= high ? { low, high, exact: true } : undefined;
}

function visitAtOnce(space: SearchSpace, target: Target, limit: bigint): Bound | undefined {
  const visit = visitArenas(space, target, limit);
  for (;;) {
    const step = visit.next();
    if (step.done === true) return step.value;
  }
}

export interface BoundOptions {
  /** Spaces with at most so many architectures have their arena bounded exactly; 256 unless given. */
  readonly visit?: bigint;
  /** The exact arena bounds, where {@link visitArenas} found them before. */
  readonly arena?: Bound | undefined;
}

/**
 * Bounds of every statement and of the whole, on one target. Sound: every architecture's {@link price} lies
 * within. `exact` means that both ends are attained.
 */
export function boundSpace(space: SearchSpace, target: Target, options: BoundOptions = {}): SpaceBounds {
  const compiled = compiledTarget(target);
  const { runtime, clockHz } = target;
  const additive = space.bounds(measureOn(compiled, memoOf(compiled)));
  const at = (index: number): Bound => additive.total[index] ?? { low: 0, high: 0, exact: false };
  const msPerCycle = 1000 / clockHz;
  const power =
    compiled.power !== undefined && compiled.power.clockHz === clockHz
      ? compiled.power.milliwatts.value
      : undefined;

  const statements = additive.statements.map((entry): StatementBounds => {
    const of = (index: number) => {
      const bound = entry.bounds[index] ?? { low: 0, high: 0 };
      return { ...outward(bound), exact: true };
    };
    const timed = compiled.profile !== undefined && of(slot.unknown).high === 0;
    const latencyMs = timed ? { ...scaled(of(slot.cycles), msPerCycle), exact: true } : undefined;
    return {
      statement: entry.statement,
      file: entry.file,
      metrics: {
        latencyMs,
        ramBytes: liveOf(entry.bounds),
        flashBytes: of(slot.flash),
        energyUj: latencyMs && power !== undefined ? { ...scaled(latencyMs, power), exact: true } : undefined,
        macs: of(slot.macs),
        parameters: of(slot.parameters),
      },
      instances: entry.instances,
      example: entry.example,
    };
  });

  let sure = aligned(
    space.inputShape.reduce((a, b) => a * b, 1),
    runtime.memory.alignment,
  );
  for (const entry of additive.statements) {
    if (entry.instances.low >= 1) sure = Math.max(sure, liveOf(entry.bounds).low);
  }
  const input = aligned(
    space.inputShape.reduce((a, b) => a * b, 1),
    runtime.memory.alignment,
  );
  const tail = scaled(at(slot.tail), 1, runtime.memory.persistent.fixed);
  // Below: what the layers that are always there must have alive at once. Above: first fit never leaves the sum of
  // all buffers.
  const ramBytes = options.arena ??
    visitAtOnce(space, target, options.visit ?? enumerationLimit) ?? {
      low: sure + tail.low,
      high: at(slot.buffers).high + input + tail.high,
      exact: false,
    };

  const timed = compiled.profile !== undefined && at(slot.unknown).high === 0;
  const invoke = compiled.profile?.invokeCycles ?? 0;
  const cycles = outward(scaled(at(slot.cycles), 1, invoke));
  const latencyMs = timed ? { ...scaled(cycles, msPerCycle), exact: at(slot.cycles).exact } : undefined;
  return {
    total: {
      latencyMs,
      ramBytes: { ...outward(ramBytes), exact: ramBytes.exact },
      flashBytes: {
        ...outward(scaled(at(slot.flash), 1, runtime.modelFile.fixed)),
        exact: at(slot.flash).exact,
      },
      energyUj:
        latencyMs && power !== undefined
          ? { ...scaled(latencyMs, power), exact: latencyMs.exact }
          : undefined,
      macs: at(slot.macs),
      parameters: at(slot.parameters),
    },
    statements,
  };
}
