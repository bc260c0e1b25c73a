/**
 * What the architectures of a space can cost, at least and at most, without visiting them. Sums (latency, model
 * file, MACs, parameters, energy) come from one walk over the space's graph; the arena is bounded by what must be
 * alive at once and by what first fit can waste. No architecture lies outside a bound.
 */

import type { Statement } from '../../grammar/ast.ts';
import type { Op, Shape } from '../space/network.ts';
import { asOp, shapesOf } from '../space/program/run-layer.ts';
import { ElaboratedSpace } from '../space/search-space.ts';
import type { SearchSpace } from '../space/types.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { memoOf } from './memo.ts';
import { largestBankBytes } from './placement.ts';
import { createPricer } from './pricer.ts';
import { kindsIn, programBounds, runtimeFlash, type ProgramBounds } from './program-bounds.ts';
import type { Target } from './target.ts';
import type { Bound, Support } from './types.ts';
import { aligned, column } from './operator-rows.ts';
import type { Met, StatementSums } from './statement-sums.ts';
import { SpaceWalk } from './walk.ts';

/** Limits per metric, in the units of {@link import('./types.ts').NetworkCost}; absent where no data supports one. */
export interface MetricBounds {
  readonly latencyMs: Bound | undefined;
  readonly ramBytes: Bound;
  readonly flashBytes: Bound;
  readonly energyUj: Bound | undefined;
  readonly macs: Bound;
  readonly parameters: Bound;
}

/** An operator with the shapes around it. */
export interface Instance {
  readonly op: Op;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** How well the runtime runs a layer, over all architectures. */
export interface StatementSupport {
  /** Of the worst instance. */
  readonly worst: Support;
  /** Every instance is as badly off. */
  readonly always: boolean;
  /** The instance that {@link worst} speaks of; absent for layers that are fast. */
  readonly example: Instance | undefined;
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
  /** The slowest instance (the one with most MACs where no latency is known); absent for what is no layer. */
  readonly example: Instance | undefined;
  readonly support: StatementSupport;
}

export interface SpaceBounds {
  readonly total: MetricBounds;
  /** Layers that come to an operator in some architecture. */
  readonly statements: readonly StatementBounds[];
  /** Statements that hold layers: uses of blocks, groups, choices. Worked out when asked for. */
  readonly holders: readonly StatementBounds[];
  /** Code of the runtime and its kernels, bytes, which comes on top of the model file; `undefined` if not known. */
  readonly runtimeFlashBytes: Bound | undefined;
  /** Of everything in flash and RAM, the runtime included. Worked out when asked for. */
  readonly program: ProgramBounds;
}

/** Spaces up to this size have their arena bounded exactly, by visiting every architecture. */
export const enumerationLimit = 256n;

const scaled = (bound: { low: number; high: number }, factor: number, plus = 0) => ({
  low: bound.low * factor + plus,
  high: bound.high * factor + plus,
});

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
  // Counting exactly takes large integers; that there are too many can be told without.
  if (space instanceof ElaboratedSpace && (space.graph.root?.count ?? 0) > Number(limit)) return undefined;
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

const fast: StatementSupport = { worst: { level: 'fast' }, always: true, example: undefined };

function instanceOf(met: Met | undefined): Instance | undefined {
  if (met === undefined) return undefined;
  const { op, instruction } = met;
  const inputs = op.inputs.map((_, index) => index);
  return {
    op: asOp(op, instruction, 0, inputs, inputs.length),
    inputs: shapesOf(op.inputs),
    output: op.output.shape,
  };
}

/** Sums in the units of costs. What is not looked at is never worked out: a file has many more layers than a screen. */
class LazyStatementBounds implements StatementBounds {
  readonly #sums: StatementSums;
  readonly #compiled: CompiledTarget;
  #metrics: MetricBounds | undefined;
  #example: Instance | undefined;
  #support: StatementSupport | undefined;

  constructor(sums: StatementSums, compiled: CompiledTarget) {
    this.#sums = sums;
    this.#compiled = compiled;
  }

  get statement(): Statement {
    return this.#sums.statement;
  }

  get file(): string {
    return this.#sums.file;
  }

  get instances(): { readonly low: number; readonly high: number } {
    return { low: this.#sums.least, high: this.#sums.most };
  }

  get metrics(): MetricBounds {
    return (this.#metrics ??= metricsOf(this.#sums, this.#compiled));
  }

  get example(): Instance | undefined {
    return (this.#example ??= instanceOf(this.#sums.example));
  }

  get support(): StatementSupport {
    const { worst, worstBadness, leastBadness } = this.#sums;
    if (worst === undefined) return fast;
    return (this.#support ??= {
      worst: memoOf(this.#compiled).figuresOf(worst.op).support,
      always: leastBadness === worstBadness,
      example: instanceOf(worst),
    });
  }
}

/** What was found of one statement, in the units of costs. */
export function statementBounds(sums: StatementSums, compiled: CompiledTarget): StatementBounds {
  return new LazyStatementBounds(sums, compiled);
}

/** A class because a getter of a literal would be kept, with all that it sees, until the next full collection. */
class LazySpaceBounds implements SpaceBounds {
  readonly #walk: SpaceWalk;
  readonly #compiled: CompiledTarget;
  readonly total: MetricBounds;
  readonly statements: readonly StatementBounds[];
  readonly #space: ElaboratedSpace;
  readonly #visit: bigint;
  #holders: readonly StatementBounds[] | undefined;
  #program: ProgramBounds | undefined;
  #runtime: Bound | undefined;

  constructor(
    space: ElaboratedSpace,
    walk: SpaceWalk,
    compiled: CompiledTarget,
    total: MetricBounds,
    visit: bigint,
  ) {
    this.#space = space;
    this.#visit = visit;
    this.#walk = walk;
    this.#compiled = compiled;
    this.total = total;
    this.statements = walk.layers
      .filter(({ example }) => example !== undefined)
      .map((sums) => new LazyStatementBounds(sums, compiled));
  }

  get holders(): readonly StatementBounds[] {
    return (this.#holders ??= this.#walk
      .holders()
      .map((sums) => new LazyStatementBounds(sums, this.#compiled)));
  }

  get runtimeFlashBytes(): Bound | undefined {
    return (this.#runtime ??= runtimeFlash(this.#space, this.#compiled, kindsIn(this.#walk.layers)));
  }

  get program(): ProgramBounds {
    const { ramBytes: arena, flashBytes: file } = this.total;
    const kinds = kindsIn(this.#walk.layers);
    const of = { arena, file, runtime: this.runtimeFlashBytes, kinds };
    return (this.#program ??= programBounds(this.#space, this.#compiled, of, this.#visit));
  }
}

/** The bounds of a space with the exact arena that {@link visitArenas} has found since. */
export function withArena(bounds: SpaceBounds, arena: Bound): SpaceBounds {
  const ramBytes = { ...outward(arena), exact: arena.exact };
  return new RefinedBounds(bounds, { ...bounds.total, ramBytes });
}

/** Holders are still worked out only when asked for. */
class RefinedBounds implements SpaceBounds {
  readonly #bounds: SpaceBounds;
  readonly total: MetricBounds;

  constructor(bounds: SpaceBounds, total: MetricBounds) {
    this.#bounds = bounds;
    this.total = total;
  }

  get statements(): readonly StatementBounds[] {
    return this.#bounds.statements;
  }

  get holders(): readonly StatementBounds[] {
    return this.#bounds.holders;
  }

  get runtimeFlashBytes(): Bound | undefined {
    return this.#bounds.runtimeFlashBytes;
  }

  get program(): ProgramBounds {
    return this.#bounds.program;
  }
}

function metricsOf(sums: StatementSums, compiled: CompiledTarget): MetricBounds {
  const of = (index: number): Bound => {
    const { low, high } = outward({ low: sums.low[index] ?? 0, high: sums.high[index] ?? 0 });
    return { low, high, exact: true };
  };
  const { clockHz } = compiled.target;
  const timed = compiled.profile !== undefined && sums.isTimed;
  const latencyMs = timed ? { ...scaled(of(column.cycles), 1000 / clockHz), exact: true } : undefined;
  const power = milliwattsOf(compiled);
  return {
    latencyMs,
    ramBytes: liveOf(sums, compiled.memory.reuses),
    flashBytes: of(column.flash),
    energyUj: latencyMs && power !== undefined ? { ...scaled(latencyMs, power), exact: true } : undefined,
    macs: of(column.macs),
    parameters: of(column.parameters),
  };
}

/**
 * Bytes alive while a statement's operators run. Its measure is a sum over them (a layer and its activation are
 * two): the greatest is no less than the mean and no more than the sum.
 */
function liveOf({ low, high }: StatementSums, reuses: boolean): Bound {
  const operators = high[column.operators] ?? 1;
  return {
    low: (low[column.leastLive] ?? 0) / Math.max(1, operators),
    high: high[column.live] ?? 0,
    exact: operators <= 1 && !reuses,
  };
}

/** The board's measured power, where it was measured at the target's clock. */
function milliwattsOf({ power, target }: CompiledTarget): number | undefined {
  return power !== undefined && power.clockHz === target.clockHz ? power.milliwatts.value : undefined;
}

/**
 * Bounds of every statement and of the whole, on one target. Sound: every architecture's {@link price} lies
 * within. `exact` means that both ends are attained.
 */
export function boundSpace(space: SearchSpace, target: Target, options: BoundOptions = {}): SpaceBounds {
  if (!(space instanceof ElaboratedSpace)) {
    throw new TypeError('Only a space that analysis has built from a text can be bounded.');
  }
  const compiled = compiledTarget(target);
  const { runtime, clockHz } = target;
  const { exact } = space.graph;
  const walk = new SpaceWalk(space.graph, compiled);
  const at = (index: number) => ({ low: walk.totalLow[index] ?? 0, high: walk.totalHigh[index] ?? 0 });

  const inputs = space.graph.program.inputs.map(({ elements }) =>
    aligned(elements, runtime.memory.alignment),
  );
  const leastInput = Math.min(...inputs);
  const tail = scaled(at(column.tail), 1, compiled.memory.persistent.fixed);
  // Below: what the layers that are always there must have alive at once. Above: first fit never leaves the sum of
  // all buffers.
  let sure = leastInput;
  for (const sums of walk.layers) if (sums.least >= 1) sure = Math.max(sure, liveOf(sums, true).low);
  const most = Math.max(sure, at(column.buffers).high + Math.max(...inputs)) + Math.max(tail.low, tail.high);
  // Where some architecture may run in patches, nothing but its input is sure to be whole.
  const { patches } = runtime.memory;
  const mayPatch = patches !== undefined && most > largestBankBytes(target.board);
  if (mayPatch) sure = leastInput;
  const ramBytes = options.arena ??
    visitAtOnce(space, target, options.visit ?? enumerationLimit) ?? {
      low: sure + tail.low,
      // A space without an architecture has no sums; its limits still stand in order.
      high: most,
      exact: false,
    };

  const timed = compiled.profile !== undefined && walk.isTimed;
  const invoke = compiled.profile?.invokeCycles ?? 0;
  const cycles = outward(scaled(at(column.cycles), 1, invoke));
  if (mayPatch) cycles.high *= 1 + patches.mostExtra;
  const latencyMs = timed ? { ...scaled(cycles, 1000 / clockHz), exact: exact && !mayPatch } : undefined;
  const power = milliwattsOf(compiled);
  const total: MetricBounds = {
    latencyMs,
    ramBytes: { ...outward(ramBytes), exact: ramBytes.exact },
    flashBytes: { ...outward(scaled(at(column.file), 1, runtime.modelFile.fixed)), exact },
    energyUj:
      latencyMs && power !== undefined ? { ...scaled(latencyMs, power), exact: latencyMs.exact } : undefined,
    macs: { ...at(column.macs), exact },
    parameters: { ...at(column.parameters), exact },
  };
  return new LazySpaceBounds(space, walk, compiled, total, options.visit ?? enumerationLimit);
}
