/** What is known of one statement over all architectures, in the units of costs. */

import type { Statement } from '../../grammar/ast.ts';
import type { BaseMetric, Costs } from '../space/metrics.ts';
import type { Op, Shape } from '../space/network.ts';
import { asOp, shapesOf } from '../space/program/run-layer.ts';
import type { CompiledTarget } from './compile.ts';
import { memoOf } from './memo.ts';
import { column } from './operator-rows.ts';
import { drawOf } from './power.ts';
import type { Met, StatementSums } from './statement-sums.ts';
import type { Bound, Support } from './types.ts';

/** Limits per metric, in the units of {@link import('./types.ts').NetworkCost}; absent where no data supports one. */
export type MetricBounds = Costs<BaseMetric, Bound>;

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
   * Of ONE instance of the layer. RAM is what is alive while it runs: inputs, output, whatever else is kept and scratch,
   * as {@link import('./types.ts').OpCost} has it; of a layer that is several operators, at the dearest.
   */
  readonly metrics: MetricBounds;
  /** How often it runs in one inference. */
  readonly instances: { readonly low: number; readonly high: number };
  /** The slowest instance (the one with most MACs where no latency is known); absent for what is no layer. */
  readonly example: Instance | undefined;
  readonly support: StatementSupport;
}

/** What may be alive beside that which a layer's place tells of. */
export interface MoreLive {
  /** Bytes, at most. */
  readonly most: number;
  /** Bytes: no architecture keeps more in all. */
  readonly inAll: number;
  /** Every architecture keeps whole tensors. */
  readonly isLeastKnown: boolean;
}

export const scaled = (bound: { low: number; high: number }, factor: number, plus = 0) => ({
  low: bound.low * factor + plus,
  high: bound.high * factor + plus,
});

/** Rounding in sums of many terms must not push an attained value outside its bound. */
export function outward(bound: { low: number; high: number }): { low: number; high: number } {
  const slack = 1e-9;
  return { low: bound.low * (1 - slack), high: bound.high * (1 + slack) };
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
  readonly #ram: Bound | undefined;
  readonly #more: MoreLive;
  #metrics: MetricBounds | undefined;
  #example: Instance | undefined;
  #support: StatementSupport | undefined;

  constructor(sums: StatementSums, compiled: CompiledTarget, ram: Bound | undefined, more: MoreLive) {
    this.#sums = sums;
    this.#compiled = compiled;
    this.#ram = ram;
    this.#more = more;
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
    return (this.#metrics ??= metricsOf(this.#sums, this.#compiled, this.#ram, this.#more));
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

/** `ram` where every architecture was planned. */
export function statementBounds(
  sums: StatementSums,
  compiled: CompiledTarget,
  ram: Bound | undefined,
  more: MoreLive,
): StatementBounds {
  return new LazyStatementBounds(sums, compiled, ram, more);
}

function metricsOf(
  sums: StatementSums,
  compiled: CompiledTarget,
  ram: Bound | undefined,
  more: MoreLive,
): MetricBounds {
  const of = (index: number): Bound => {
    const { low, high } = outward({ low: sums.low[index] ?? 0, high: sums.high[index] ?? 0 });
    return { low, high, exact: true };
  };
  const { clockHz } = compiled.target;
  const timed = compiled.profile !== undefined && sums.isTimed;
  const latency = timed ? { ...scaled(of(column.cycles), 1000 / clockHz), exact: true } : undefined;
  const power = drawOf(compiled)?.value;
  return {
    latency,
    ram: ram ?? liveOf(sums, more),
    flash: of(column.flash),
    energy: latency && power !== undefined ? { ...scaled(latency, power), exact: true } : undefined,
    macs: of(column.macs),
    parameters: of(column.parameters),
  };
}

/** Without visiting architectures. */
function liveOf({ leastLive, mostLive }: StatementSums, { most, inAll, isLeastKnown }: MoreLive): Bound {
  const low = isLeastKnown && Number.isFinite(leastLive) ? leastLive : 0;
  return { low, high: Math.max(low, Math.min(mostLive + most, inAll)), exact: false };
}
