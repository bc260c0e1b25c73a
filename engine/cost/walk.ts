/**
 * One walk over all architectures of a space at once, for everything that is said about its costs: least and
 * greatest sums along the paths of its graph (Bellman 1957), per statement the least and greatest instance, and
 * how well the runtime runs it. On the way of every keystroke, so it works on rows of numbers.
 */

import type { Statement } from '../../grammar/ast.ts';
import { isLive, type Graph, type LayerNode, type Node } from '../space/graph/node.ts';
import type { Instruction, InternedOp, LayerInstruction, Region } from '../space/program/instructions.ts';
import type { CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import type { OperatorFigures } from './operator.ts';
import type { Support } from './types.ts';

/** What is summed along a path: positions in a row. The first {@link summed} make up the totals of a space. */
export const column = {
  cycles: 0,
  flash: 1,
  macs: 2,
  parameters: 3,
  tail: 4,
  buffers: 5,
  /** Bytes alive while the operator runs. */
  live: 6,
  operators: 7,
  /** No more than what is alive while it runs, even where it writes in place or sees a folded input. */
  leastLive: 8,
} as const;
const summed = 6;
const width = 9;
/** A node's row: {@link width} least sums, then as many greatest. */
const stride = 2 * width;

export function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

const badness: Readonly<Record<Support['level'], number>> = { fast: 0, slow: 1, none: 2 };

/** The rows of the operators of one space on one target, filled as they are met. */
class OperatorRows {
  readonly #memo: OperatorMemo;
  readonly #compiled: CompiledTarget;
  readonly #figures: (OperatorFigures | undefined)[];
  readonly #foldsPadding: boolean;
  values: Float64Array;

  constructor(compiled: CompiledTarget, memo: OperatorMemo, { program, operators: table }: Graph) {
    const operators = table.ops.length;
    // The table may know operators of earlier versions, the program does not.
    const isPadding = (each: Instruction): boolean => each.kind === 'layer' && each.operator === 'pad';
    this.#foldsPadding = compiled.memory.folds('pad') && program.instructions.some(isPadding);
    this.#compiled = compiled;
    this.#memo = memo;
    this.#figures = new Array<OperatorFigures | undefined>(operators).fill(undefined);
    this.values = new Float64Array(operators * width);
  }

  figures(op: InternedOp): OperatorFigures {
    return this.#figures[op.id] ?? this.#price(op);
  }

  /** Whether the operator has a latency. */
  isTimed(op: InternedOp): boolean {
    return this.figures(op).cycles !== undefined;
  }

  /** What makes an instance the dearest. */
  dearness(op: InternedOp): number {
    const { macs, cycles } = this.figures(op);
    return this.#compiled.profile === undefined ? macs : (cycles?.value ?? 0);
  }

  #price(op: InternedOp): OperatorFigures {
    const figures = this.#memo.figuresOf(op);
    this.#figures[op.id] = figures;
    const start = op.id * width;
    if (start >= this.values.length) {
      // The space has come to know more operators since the walk began.
      const larger = new Float64Array(2 * (start + width));
      larger.set(this.values);
      this.values = larger;
    }
    const { alignment } = this.#compiled.target.runtime.memory;
    const { memory } = this.#compiled;
    const { quantities } = figures;
    // A folded operator has no output of its own: it hands its input on.
    const isFolded = memory.folds(op.template.kind);
    const output = isFolded ? 0 : aligned(figures.outputBytes, alignment);
    let scratch = isFolded ? 0 : aligned(figures.scratchBytes, alignment);
    for (const bytes of figures.pooledBytes) scratch += aligned(bytes, alignment);
    // The same tensor may be both inputs of an `add`, so only the first is sure to count.
    const input = aligned(quantities.inputs * quantities.elementBytes, alignment);
    const { values } = this;
    values[start + column.cycles] = figures.cycles?.value ?? 0;
    values[start + column.flash] = figures.flashBytes;
    values[start + column.macs] = figures.macs;
    values[start + column.parameters] = figures.parameters;
    values[start + column.tail] = figures.persistentBytes;
    values[start + column.buffers] = output + scratch;
    values[start + column.live] = input + output + scratch;
    values[start + column.operators] = 1;
    // What a folded padding adds is in no buffer, so the input of what follows it says nothing.
    const sureInput = isFolded || this.#foldsPadding ? 0 : input;
    values[start + column.leastLive] =
      (figures.inPlace ? Math.max(sureInput, output) : sureInput + output) + scratch;
    return figures;
  }
}

/** An operator where it was met. */
export interface Met {
  readonly op: InternedOp;
  readonly instruction: LayerInstruction;
}

/** One statement that is a layer, or one that holds layers: what ONE instance of it can come to. */
export class StatementSums {
  readonly statement: Statement;
  readonly file: string;
  readonly low = new Float64Array(width).fill(Infinity);
  readonly high = new Float64Array(width).fill(-Infinity);
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

  constructor(statement: Statement, file: string) {
    this.statement = statement;
    this.file = file;
  }

  widen(low: Float64Array, lowAt: number, high: Float64Array, highAt: number): void {
    for (let index = 0; index < width; index += 1) {
      const least = low[lowAt + index] ?? 0;
      const most = high[highAt + index] ?? 0;
      if (least < (this.low[index] ?? 0)) this.low[index] = least;
      if (most > (this.high[index] ?? 0)) this.high[index] = most;
    }
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

export class SpaceWalk {
  readonly #graph: Graph;
  readonly #rows: OperatorRows;
  readonly #memo: OperatorMemo;
  /** By instruction, 1 when some architecture goes past it without stopping there. */
  #covered = new Uint8Array(0);
  /** Of the layer at hand, when it has more operators than one. */
  readonly #own = new Float64Array(width);
  readonly totalLow = new Float64Array(summed);
  readonly totalHigh = new Float64Array(summed);
  /** Every operator of the space has a latency. */
  isTimed = true;
  /** Statements that are layers, in the order in which they run. */
  readonly layers: readonly StatementSums[];

  constructor(graph: Graph, compiled: CompiledTarget) {
    this.#graph = graph;
    this.#memo = memoOf(compiled);
    this.#rows = new OperatorRows(compiled, this.#memo, graph);
    this.layers = this.#visitLayers();
    const { root } = graph;
    if (!isLive(root)) return;
    const sums = this.#memo.scratch(graph.order.length * stride);
    this.#accumulate(sums, 0, graph.order.length, Infinity, summed);
    const start = root.index * stride;
    this.totalLow.set(sums.subarray(start, start + summed));
    this.totalHigh.set(sums.subarray(start + width, start + width + summed));
  }

  /** Layers, and which instructions can be jumped over. */
  #visitLayers(): StatementSums[] {
    const { buckets, order, root } = this.#graph;
    const change = new Int32Array(buckets.length + 1);
    const edge = (from: number, to: Node | undefined): void => {
      if (!isLive(to) || to.at <= from + 1) return;
      change[from + 1] = (change[from + 1] ?? 0) + 1;
      change[to.at] = (change[to.at] ?? 0) - 1;
    };
    edge(-1, root);
    const found = new Map<Statement, StatementSums>();
    const byInstruction: (StatementSums | undefined)[] = [];
    /** By an outcome's first operator: the last instruction where the outcome was met. */
    const metAt = new Int32Array(this.#graph.operators.ops.length).fill(-1);
    for (const node of order) {
      if (node.count === 0 || node.mergedInto !== undefined) continue;
      if (node.kind === 'layer') {
        edge(node.at, node.next);
        const sums = (byInstruction[node.at] ??= entryOf(found, node));
        const first = node.outcome?.ops[0];
        if (first !== undefined) {
          if (metAt[first.id] === node.at) continue;
          metAt[first.id] = node.at;
        }
        this.#addInstance(sums, node);
      } else if (node.kind !== 'end') {
        for (const child of node.children) edge(node.at, child);
      }
    }
    this.#covered = new Uint8Array(buckets.length);
    let open = 0;
    for (let at = 0; at < buckets.length; at += 1) {
      open += change[at] ?? 0;
      this.#covered[at] = open > 0 ? 1 : 0;
      const sums = byInstruction[at];
      if (sums === undefined) continue;
      sums.most += 1;
      if (open === 0) sums.least += 1;
    }
    return [...found.values()];
  }

  #addInstance(sums: StatementSums, node: LayerNode): void {
    const ops = node.outcome?.ops ?? [];
    const { instruction } = node;
    let dearness = 0;
    let level = 0;
    let worst: InternedOp | undefined;
    for (const op of ops) {
      const { support } = this.#rows.figures(op);
      dearness += this.#rows.dearness(op);
      if (!this.#rows.isTimed(op)) {
        sums.isTimed = false;
        this.isTimed = false;
      }
      if (badness[support.level] > level) {
        level = badness[support.level];
        worst = op;
      }
    }
    sums.hear(level, worst && { op: worst, instruction });
    const { values, at } = this.#rowOf(ops);
    sums.widen(values, at, values, at);
    const [first] = ops;
    if (sums.example === undefined || dearness > sums.dearness) {
      if (first !== undefined) sums.example = { op: first, instruction };
      sums.dearness = dearness;
    }
  }

  /** Where the sum over the operators of a layer stands. */
  #rowOf(ops: readonly InternedOp[]): { readonly values: Float64Array; readonly at: number } {
    const [only] = ops;
    for (const op of ops) this.#rows.figures(op);
    const { values } = this.#rows;
    if (only !== undefined && ops.length === 1) return { values, at: only.id * width };
    const own = this.#own.fill(0);
    for (const op of ops) {
      for (let index = 0; index < width; index += 1) {
        own[index] = (own[index] ?? 0) + (values[op.id * width + index] ?? 0);
      }
    }
    return { values: own, at: 0 };
  }

  /**
   * Sums from each node of a stretch of the order up to the first node at or after `end`, for the first `columns`
   * columns. The nodes' rows of `sums` are written, last first.
   */
  #accumulate(sums: Float64Array, from: number, to: number, end: number, columns: number): void {
    const { order } = this.#graph;
    const { values } = this.#rows;
    for (let position = to - 1; position >= from; position -= 1) {
      const node = order[position];
      if (!isLive(node)) continue;
      const start = position * stride;
      if (node.mergedInto === undefined && (node.kind === 'draw' || node.kind === 'recall')) {
        hullOfChildren(sums, start, node.children, end, columns);
        continue;
      }
      const next = node.mergedInto ?? (node.kind === 'layer' ? node.next : undefined);
      const base = next === undefined || next.at >= end ? -1 : next.index * stride;
      for (let index = 0; index < columns; index += 1) {
        sums[start + index] = base < 0 ? 0 : (sums[base + index] ?? 0);
        sums[start + width + index] = base < 0 ? 0 : (sums[base + width + index] ?? 0);
      }
      if (node.kind !== 'layer' || node.mergedInto !== undefined || node.outcome === undefined) continue;
      for (const op of node.outcome.ops) {
        const own = op.id * width;
        for (let index = 0; index < columns; index += 1) {
          const cost = values[own + index] ?? 0;
          sums[start + index] = (sums[start + index] ?? 0) + cost;
          sums[start + width + index] = (sums[start + width + index] ?? 0) + cost;
        }
      }
    }
  }

  /** Statements that hold layers: uses of blocks, groups, choices. One repetition of one use is an instance. */
  holders(): readonly StatementSums[] {
    const graph = this.#graph;
    const { order } = graph;
    const sums = this.#memo.scratch(order.length * stride);
    const found = new Map<Statement, StatementSums>();
    // Innermost first.
    for (const region of [...graph.program.regions].reverse()) {
      const from = firstAtOrAfter(order, region.start);
      const to = firstAtOrAfter(order, region.end);
      const entries: Node[] = [];
      for (let position = from; position < to; position += 1) {
        const node = order[position];
        if (isLive(node) && graph.arrivals.earliestBefore(node) < region.start) entries.push(node);
      }
      if (entries.length === 0) continue;
      this.#accumulate(sums, from, to, region.end, width);
      let holder = found.get(region.statement);
      if (holder === undefined) {
        found.set(region.statement, (holder = new StatementSums(region.statement, region.file)));
      }
      for (const node of entries) {
        holder.widen(sums, node.index * stride, sums, node.index * stride + width);
      }
      holder.isTimed &&= this.#isTimedBetween(from, to);
      holder.most += 1;
      // A way round everything in it may be a use without any layer.
      if (this.#canBePassed(region)) holder.low.fill(0);
      else holder.least += 1;
    }
    return [...found.values()];
  }

  #isTimedBetween(from: number, to: number): boolean {
    if (this.isTimed) return true;
    for (let position = from; position < to; position += 1) {
      const node = this.#graph.order[position];
      if (!isLive(node) || node.kind !== 'layer' || node.mergedInto !== undefined) continue;
      if (node.outcome?.ops.some((op) => !this.#rows.isTimed(op)) === true) return false;
    }
    return true;
  }

  #canBePassed(region: Region): boolean {
    for (let at = region.start; at < region.end; at += 1) {
      if (this.#graph.buckets[at] !== undefined && this.#covered[at] === 0) return false;
    }
    return true;
  }
}

function entryOf(found: Map<Statement, StatementSums>, node: LayerNode): StatementSums {
  const { statement, source } = node.instruction;
  let sums = found.get(statement);
  if (sums === undefined) found.set(statement, (sums = new StatementSums(statement, source.file)));
  return sums;
}

function hullOfChildren(
  sums: Float64Array,
  start: number,
  children: readonly (Node | undefined)[],
  end: number,
  columns: number,
): void {
  sums.fill(Infinity, start, start + columns);
  sums.fill(-Infinity, start + width, start + width + columns);
  for (const child of children) {
    if (!isLive(child)) continue;
    const base = child.at >= end ? -1 : child.index * stride;
    for (let index = 0; index < columns; index += 1) {
      const low = base < 0 ? 0 : (sums[base + index] ?? 0);
      const high = base < 0 ? 0 : (sums[base + width + index] ?? 0);
      if (low < (sums[start + index] ?? 0)) sums[start + index] = low;
      if (high > (sums[start + width + index] ?? 0)) sums[start + width + index] = high;
    }
  }
}

function firstAtOrAfter(order: readonly Node[], at: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
