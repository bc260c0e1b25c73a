/**
 * What the architectures of a space can cost, at least and at most, without visiting them. Sums (latency, model
 * file, MACs, parameters, energy) come from one walk over the space's graph; the arena is bounded by what must be
 * alive at once and by what first fit can waste. No architecture lies outside a bound.
 */

import { effortOf, type Effort } from '../space/effort.ts';
import { finished } from '../space/steps.ts';
import { elaborated, type ElaboratedSpace } from '../space/search-space.ts';
import type { SearchSpace } from '../space/types.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { visitMemory, type VisitedMemory } from './memory-visits.ts';
import { largestBankBytes } from './placement.ts';
import { scheduledBounds } from './schedule.ts';
import { kindsIn, programBounds, runtimeFlash, type ProgramBounds } from './program-bounds.ts';
import { drawOf } from './power.ts';
import type { Target } from './target.ts';
import type { Bound } from './types.ts';
import { neededIn } from './interpreter.ts';
import { aligned } from './memory.ts';
import { column } from './operator-rows.ts';
import {
  outward,
  scaled,
  statementBounds,
  type MetricBounds,
  type MoreLive,
  type StatementBounds,
} from './statement-bounds.ts';
import type { StatementSums } from './statement-sums.ts';
import { SpaceWalk } from './walk.ts';

export interface SpaceBounds {
  readonly total: MetricBounds;
  /** Layers that come to an operator in some architecture. */
  readonly statements: readonly StatementBounds[];
  /** Statements that hold layers: uses of blocks, groups, choices. Worked out when asked for. */
  readonly holders: readonly StatementBounds[];
  /**
   * The same where an instance is one use with all its repetitions: sums over its layers, and the RAM of the dearest.
   * Worked out when asked for.
   */
  readonly uses: readonly StatementBounds[];
  /** Code of the runtime and its kernels, bytes, which comes on top of the model file; `undefined` if not known. */
  readonly runtimeFlashBytes: Bound | undefined;
  /** Of everything in flash and RAM, the runtime included. Worked out when asked for. */
  readonly program: ProgramBounds;
  /** On targets with a schedule. Worked out when asked for. */
  readonly scheduled: ReturnType<typeof scheduledBounds>;
}

/** Spaces up to this size have their RAM bounded exactly, by visiting every architecture. */
const enumerationLimit = 256n;

export interface BoundOptions {
  /** Spaces with at most so many architectures have their RAM bounded exactly; 256 unless given. */
  readonly visit?: bigint;
  /** Is told of the work, and may throw. */
  readonly effort?: Effort | undefined;
}

/** What a space's bounds are read from. */
interface Parts {
  readonly space: ElaboratedSpace;
  readonly walk: SpaceWalk;
  readonly compiled: CompiledTarget;
  readonly total: MetricBounds;
  readonly visit: bigint;
  /** Where every architecture was planned. */
  readonly memory: VisitedMemory | undefined;
  readonly more: MoreLive;
}

/** A class because a getter of a literal would be kept, with all that it sees, until the next full collection. */
class LazySpaceBounds implements SpaceBounds {
  readonly #parts: Parts;
  readonly total: MetricBounds;
  readonly statements: readonly StatementBounds[];
  #holders: readonly StatementBounds[] | undefined;
  #uses: readonly StatementBounds[] | undefined;
  #program: ProgramBounds | undefined;
  #runtime: Bound | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.total = parts.total;
    this.statements = parts.walk.layers
      .filter(({ example }) => example !== undefined)
      .map((sums) => this.#bounds(sums, parts.memory?.layers));
  }

  get holders(): readonly StatementBounds[] {
    return (this.#holders ??= this.#parts.walk.holders().map((sums) => this.#bounds(sums, undefined)));
  }

  get uses(): readonly StatementBounds[] {
    const { walk, memory } = this.#parts;
    return (this.#uses ??= walk.uses().map((sums) => this.#bounds(sums, memory?.uses)));
  }

  get runtimeFlashBytes(): Bound | undefined {
    const { space, compiled, walk } = this.#parts;
    return (this.#runtime ??= runtimeFlash(space, compiled, kindsIn(walk.layers)));
  }

  get program(): ProgramBounds {
    const { space, compiled, walk, visit } = this.#parts;
    const { ram: arena, flash: file } = this.total;
    const of = { arena, file, runtime: this.runtimeFlashBytes, kinds: kindsIn(walk.layers) };
    return (this.#program ??= programBounds(space, compiled, of, visit));
  }

  get scheduled(): SpaceBounds['scheduled'] {
    const { compiled, total } = this.#parts;
    return scheduledBounds(compiled, total.latency, total.ram);
  }

  /** The same where {@link visitMemory} has planned every architecture since. */
  refined(memory: VisitedMemory): SpaceBounds {
    const ram = { ...outward(memory.arena), exact: memory.arena.exact };
    return new LazySpaceBounds({ ...this.#parts, memory, total: { ...this.total, ram } });
  }

  #bounds(sums: StatementSums, exact: VisitedMemory['layers'] | undefined): StatementBounds {
    const { compiled, more } = this.#parts;
    return statementBounds(sums, compiled, exact?.get(sums.statement), more);
  }
}

/** The bounds of a space where {@link visitMemory} has planned every architecture since. */
export function withMemory(bounds: SpaceBounds, memory: VisitedMemory): SpaceBounds {
  if (!(bounds instanceof LazySpaceBounds))
    throw new TypeError('Only what `boundSpace` gave can be refined.');
  return bounds.refined(memory);
}

/**
 * Bounds of every statement and of the whole, on one target. Sound: every architecture's {@link price} lies
 * within. `exact` means that both ends are attained.
 */
export function boundSpace(of: SearchSpace, target: Target, options: BoundOptions = {}): SpaceBounds {
  const space = elaborated(of);
  const compiled = compiledTarget(target);
  const { runtime, clockHz } = target;
  const { exact, order, operators } = space.graph;
  const { effort } = options;
  const places = space.graph.program.instructions.length;
  effort?.spend(
    order.length * effortOf.node + operators.ops.length * effortOf.operator + places * effortOf.place,
  );
  const walk = new SpaceWalk(space.graph, compiled);
  const at = (index: number) => ({ low: walk.totalLow[index] ?? 0, high: walk.totalHigh[index] ?? 0 });

  const inputs = space.graph.program.inputs.map(({ elements }) =>
    aligned(elements, runtime.memory.alignment),
  );
  const leastInput = Math.min(...inputs);
  const ends = space.graph.program.instructions.flatMap((each) =>
    each.kind === 'end' ? [each.outputs.length] : [],
  );
  const endings = ends.length === 0 ? [1] : ends;
  const ofInterpreter = {
    tail: at(column.tail),
    setUp: at(column.setUp),
    passing: walk.mostPassing,
    outputs: { low: Math.min(...endings), high: Math.max(...endings) },
  };
  // Below: what the layers that are always there must have alive at once. Above: first fit never leaves the sum of
  // all buffers.
  let sure = leastInput;
  for (const sums of walk.layers) if (sums.least >= 1) sure = Math.max(sure, sums.leastLive);
  const head = Math.max(sure, at(column.buffers).high + Math.max(...inputs));
  const most = neededIn(compiled.memory.data, ofInterpreter, { low: sure, high: head }).high;
  // Where some architecture may run in patches, nothing but its input is sure to be whole.
  const { patches } = runtime.memory;
  const mayPatch = patches !== undefined && most > largestBankBytes(target.board);
  if (mayPatch) sure = leastInput;
  const visit = options.visit ?? enumerationLimit;
  const count = space.graph.root?.count ?? 0;
  if (count <= Number(visit)) effort?.spend(count * places * effortOf.visit);
  const memory = finished(visitMemory(space, target, visit));
  // A space without an architecture has no sums; its limits still stand in order.
  const { low } = neededIn(compiled.memory.data, ofInterpreter, { low: sure, high: head });
  const ramBytes = memory?.arena ?? { low: Math.min(low, most), high: most, exact: false };

  const timed = compiled.profile !== undefined && walk.isTimed;
  const invoke = compiled.profile?.invokeCycles ?? 0;
  const cycles = outward(scaled(at(column.cycles), 1, invoke));
  if (mayPatch) cycles.high *= 1 + patches.mostExtra;
  const latency = timed ? { ...scaled(cycles, 1000 / clockHz), exact: exact && !mayPatch } : undefined;
  const power = drawOf(compiled)?.value;
  const total: MetricBounds = {
    latency,
    ram: { ...outward(ramBytes), exact: ramBytes.exact },
    flash: { ...outward(scaled(at(column.file), 1, runtime.modelFile.fixed)), exact },
    energy: latency && power !== undefined ? { ...scaled(latency, power), exact: latency.exact } : undefined,
    macs: { ...at(column.macs), exact },
    parameters: { ...at(column.parameters), exact },
  };
  const pooledOrPatched = walk.mostPooled + (mayPatch ? Math.max(...inputs) + walk.greatestOutput : 0);
  const more = { most: pooledOrPatched, inAll: most + pooledOrPatched, isLeastKnown: !mayPatch };
  return new LazySpaceBounds({ space, walk, compiled, total, visit, memory, more });
}
