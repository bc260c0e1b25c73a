/**
 * One walk over all architectures of a space at once, for everything that is said about its costs: least and
 * greatest sums along the paths of its graph (Bellman 1957), per statement the least and greatest instance, and
 * how well the runtime runs it. On the way of every keystroke, so it works on rows of numbers.
 */

import type { Statement } from '../../grammar/ast.ts';
import { isLive, type Graph, type Node } from '../space/graph/node.ts';
import type { Stretch } from '../space/graph/stretch.ts';
import type { Region } from '../space/program/instructions.ts';
import type { CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import { rowsOf, stride, summed, width, type OperatorRows } from './operator-rows.ts';
import { StatementSums } from './statement-sums.ts';
import { countPassed, Flow, goalOf, StretchCosts } from './stretch-costs.ts';

export class SpaceWalk {
  readonly #graph: Graph;
  readonly #rows: OperatorRows;
  readonly #memo: OperatorMemo;
  /** By instruction, 1 when some architecture goes past it without stopping there. */
  #covered = new Uint8Array(0);
  readonly totalLow = new Float64Array(summed);
  readonly totalHigh = new Float64Array(summed);
  /** Every operator of the space has a latency. */
  isTimed = true;
  /** Statements that are layers, in the order in which they run. */
  readonly layers: readonly StatementSums[];

  constructor(graph: Graph, compiled: CompiledTarget) {
    this.#graph = graph;
    this.#memo = memoOf(compiled);
    this.#rows = rowsOf(graph, compiled);
    this.layers = this.#visitLayers();
    const { root } = graph;
    if (!isLive(root)) return;
    const sums = this.#memo.scratch(graph.order.length * stride);
    if (graph.stretches.length === 0) this.#accumulate(sums, 0, graph.order.length, Infinity, summed);
    for (let at = graph.stretches.length - 1; at >= 0; at -= 1) this.#flow(sums, graph.stretches[at]);
    const start = root.index * stride;
    this.totalLow.set(sums.subarray(start, start + summed));
    this.totalHigh.set(sums.subarray(start + width, start + width + summed));
  }

  /** The sums of one stretch: those of the version before, when those behind it are the same. */
  #flow(sums: Float64Array, stretch: Stretch | undefined): void {
    const first = stretch?.nodes[0];
    if (stretch === undefined || first === undefined) return;
    const costs = this.#rows.stretches.get(stretch);
    if (costs?.flow?.restore(sums, stretch) === true) return;
    this.#accumulate(sums, first.index, first.index + stretch.nodes.length, Infinity, summed);
    if (costs !== undefined) costs.flow = new Flow(sums, stretch);
  }

  /** Layers, and which instructions can be jumped over. */
  #visitLayers(): StatementSums[] {
    const { stretches, order, buckets, root } = this.#graph;
    const change = new Int32Array(buckets.length + 1);
    const costs = this.#costsOf(stretches);
    if (stretches.length === 0) costs.push(new StretchCosts(order, 0, buckets.length, this.#rows));
    countPassed(change, -1, root);
    for (const { leaving } of stretches) {
      for (const way of leaving) if (way.from.count > 0) countPassed(change, way.from.at, goalOf(way));
    }
    for (const { start, passed } of costs) {
      for (let at = 0; at < passed.length; at += 1)
        change[start + at] = (change[start + at] ?? 0) + (passed[at] ?? 0);
    }
    this.#covered = new Uint8Array(buckets.length);
    let open = 0;
    for (let at = 0; at < buckets.length; at += 1) {
      open += change[at] ?? 0;
      this.#covered[at] = open > 0 ? 1 : 0;
    }
    return this.#merged(costs);
  }

  /** What is said of each stretch; of one that is as it was, what was said before. */
  #costsOf(stretches: readonly Stretch[]): StretchCosts[] {
    const before = this.#rows.stretches;
    const now = new Map<Stretch, StretchCosts>();
    const costs = stretches.map((stretch) => {
      const known = stretch.dead === 0 ? before.get(stretch) : undefined;
      const { start, nodes, buckets } = stretch;
      const own = known ?? new StretchCosts(nodes, start, start + buckets.length, this.#rows);
      own.start = start;
      if (stretch.dead === 0) now.set(stretch, own);
      return own;
    });
    this.#rows.stretches = now;
    return costs;
  }

  #merged(costs: readonly StretchCosts[]): StatementSums[] {
    const found = new Map<Statement, StatementSums>();
    for (const { start, statements } of costs) {
      for (const { sums, places } of statements) {
        const { statement, file } = sums;
        let total = found.get(statement);
        if (total !== undefined) total.merge(sums);
        else found.set(statement, (total = new StatementSums(statement, file, sums)));
        this.isTimed &&= sums.isTimed;
        total.most += places.length;
        for (const at of places) if (this.#covered[start + at] === 0) total.least += 1;
      }
    }
    return [...found.values()];
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
