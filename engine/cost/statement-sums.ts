/** What the instances of one statement come to. */

import type { Statement } from '../../grammar/ast.ts';
import type { InternedOp, LayerInstruction } from '../space/program/instructions.ts';
import { told, type LayerCosts } from './operator-rows.ts';

/** An operator where it was met. */
export interface Met {
  readonly op: InternedOp;
  readonly instruction: LayerInstruction;
}

/** One statement that is a layer, or one that holds layers: what ONE instance of it can come to. */
export class StatementSums {
  readonly statement: Statement;
  readonly file: string;
  /** As far as it is told. */
  low: Float64Array;
  high: Float64Array;
  /** {@link low} and {@link high} belong to another. */
  #isShared: boolean;
  /** How often it runs in one inference. */
  least = 0;
  most = 0;
  /** Every operator in it has a latency. */
  isTimed = true;
  /** The dearest instance. */
  example: Met | undefined = undefined;
  dearness = -Infinity;
  /** The operator that the runtime runs worst; of equally bad ones that with the greatest output. */
  worst: Met | undefined = undefined;
  worstBadness = 0;
  leastBadness = Infinity;
  /** Kinds of operators, a bit each: of some instance, and of all. */
  someKinds = 0n;
  allKinds = -1n;
  /** Bytes alive while an instance runs. */
  leastLive = Infinity;
  mostLive = 0;
  /** Bytes that an operator needs of the buffers which all kernels share, and that it puts out. */
  mostPooled = 0;
  mostOutput = 0;
  /** Bytes that preparing an operator takes, and gives back. */
  mostPassing = 0;
  /** Bytes of all that the operators of an instance take beside what they read. */
  mostTaken = 0;

  /** Starts from what `first` has found, if given. */
  constructor(statement: Statement, file: string, first?: StatementSums) {
    this.statement = statement;
    this.file = file;
    this.#isShared = first !== undefined;
    this.low = first?.low ?? new Float64Array(told).fill(Infinity);
    this.high = first?.high ?? new Float64Array(told).fill(-Infinity);
    if (first === undefined) return;
    this.isTimed = first.isTimed;
    this.example = first.example;
    this.dearness = first.dearness;
    this.worst = first.worst;
    this.worstBadness = first.worstBadness;
    this.leastBadness = first.leastBadness;
    this.someKinds = first.someKinds;
    this.allKinds = first.allKinds;
    this.leastLive = first.leastLive;
    this.mostLive = first.mostLive;
    this.mostPooled = first.mostPooled;
    this.mostOutput = first.mostOutput;
    this.mostPassing = first.mostPassing;
    this.mostTaken = first.mostTaken;
  }

  /** Adds what was found elsewhere, later in the order in which the layers run. */
  merge(other: StatementSums): void {
    this.widen(other.low, 0, other.high, 0);
    this.isTimed &&= other.isTimed;
    this.someKinds |= other.someKinds;
    this.allKinds &= other.allKinds;
    this.hold(other.leastLive, other.mostLive);
    this.mostPooled = Math.max(this.mostPooled, other.mostPooled);
    this.mostOutput = Math.max(this.mostOutput, other.mostOutput);
    this.mostPassing = Math.max(this.mostPassing, other.mostPassing);
    this.mostTaken = Math.max(this.mostTaken, other.mostTaken);
    if (other.leastBadness < this.leastBadness) this.leastBadness = other.leastBadness;
    if (other.worst !== undefined) this.hear(other.worstBadness, other.worst);
    if (this.example !== undefined && other.dearness <= this.dearness) return;
    this.example = other.example ?? this.example;
    this.dearness = other.dearness;
  }

  widen(low: Float64Array, lowAt: number, high: Float64Array, highAt: number): void {
    if (this.#isShared) {
      this.low = this.low.slice();
      this.high = this.high.slice();
      this.#isShared = false;
    }
    for (let index = 0; index < told; index += 1) {
      const least = low[lowAt + index] ?? 0;
      const most = high[highAt + index] ?? 0;
      if (least < (this.low[index] ?? 0)) this.low[index] = least;
      if (most > (this.high[index] ?? 0)) this.high[index] = most;
    }
  }

  /** Takes note of what can be alive at once, bytes. */
  hold(least: number, most: number): void {
    if (least < this.leastLive) this.leastLive = least;
    if (most > this.mostLive) this.mostLive = most;
  }

  /** Takes note of an instance. @param most bytes alive while it runs, at most */
  add(instruction: LayerInstruction, costs: LayerCosts, most: number): void {
    const { first, worst, row } = costs;
    this.isTimed &&= costs.isTimed;
    this.someKinds |= costs.kinds;
    this.allKinds &= costs.kinds;
    this.hold(costs.least, most);
    this.mostPooled = Math.max(this.mostPooled, costs.pooled);
    this.mostOutput = Math.max(this.mostOutput, costs.output);
    this.mostPassing = Math.max(this.mostPassing, costs.passing);
    this.mostTaken = Math.max(this.mostTaken, costs.taken);
    this.hear(costs.badness, worst && { op: worst, instruction });
    this.widen(row, 0, row, 0);
    if (this.example !== undefined && costs.dearness <= this.dearness) return;
    if (first !== undefined) this.example = { op: first, instruction };
    this.dearness = costs.dearness;
  }

  /** Takes note of how well the runtime runs an instance. */
  hear(badness: number, met: Met | undefined): void {
    if (badness < this.leastBadness) this.leastBadness = badness;
    if (badness === 0 || badness < this.worstBadness) return;
    const isLarger = (met?.op.output.elements ?? 0) > (this.worst?.op.output.elements ?? 0);
    if (badness > this.worstBadness || isLarger) {
      this.worst = met;
      this.worstBadness = badness;
    }
  }
}
