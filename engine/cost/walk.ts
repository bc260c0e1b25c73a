/**
 * One walk over all architectures of a space at once, for everything that is said about its costs: least and
 * greatest sums along the paths of its graph (Bellman 1957), per statement the least and greatest instance, and
 * how well the runtime runs it. On the way of every keystroke, so it works on rows of numbers.
 */

import type { Statement } from '../../grammar/ast.ts';
import { firstAtOrAfter, isLive, type Graph, type Node } from '../space/graph/node.ts';
import type { Goal, Segment } from '../space/graph/segment.ts';
import type { CompiledTarget } from './compile.ts';
import { memoOf, type OperatorMemo } from './memo.ts';
import { rowsOf, stride, summed, width, type OperatorRows } from './operator-rows.ts';
import { StatementSums } from './statement-sums.ts';
import { usePlaces, type Place } from './use-places.ts';
import { countPassed, Flow, goalOf, SegmentCosts, type UsePlace } from './segment-costs.ts';

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
  /** Bytes of the buffers that kernels share, at most. */
  mostPooled = 0;
  /** Bytes of what a layer puts out, at most. */
  greatestOutput = 0;
  /** What is known of each segment, or of the whole where it has none. */
  #parts: readonly { readonly costs: SegmentCosts; readonly segment: Segment | undefined }[] = [];

  constructor(graph: Graph, compiled: CompiledTarget) {
    this.#graph = graph;
    this.#memo = memoOf(compiled);
    this.#rows = rowsOf(graph, compiled);
    this.layers = this.#visitLayers();
    for (const { mostPooled, mostOutput } of this.layers) {
      this.mostPooled = Math.max(this.mostPooled, mostPooled * compiled.memory.pools);
      this.greatestOutput = Math.max(this.greatestOutput, mostOutput);
    }
    const { root } = graph;
    if (!isLive(root)) return;
    const sums = this.#memo.scratch(graph.order.length * stride);
    if (graph.segments.length === 0) this.#accumulate(sums, 0, graph.order.length, Infinity, summed);
    for (let at = graph.segments.length - 1; at >= 0; at -= 1) this.#flow(sums, graph.segments[at]);
    const start = root.index * stride;
    this.totalLow.set(sums.subarray(start, start + summed));
    this.totalHigh.set(sums.subarray(start + width, start + width + summed));
  }

  /** The sums of one segment: those of the version before, when those behind it are the same. */
  #flow(sums: Float64Array, segment: Segment | undefined): void {
    const first = segment?.nodes[0];
    if (segment === undefined || first === undefined) return;
    const costs = this.#rows.segments.get(segment);
    if (costs?.flow?.restore(sums, segment) === true) return;
    this.#accumulate(sums, first.index, first.index + segment.nodes.length, Infinity, summed);
    if (costs !== undefined) costs.flow = new Flow(sums, segment);
  }

  /** Layers, and which instructions can be jumped over. */
  #visitLayers(): StatementSums[] {
    const { segments, order, buckets, root } = this.#graph;
    const change = new Int32Array(buckets.length + 1);
    const costs = this.#costsOf(segments);
    if (segments.length === 0) costs.push(new SegmentCosts(order, 0, buckets.length, this.#rows));
    this.#parts = costs.map((each, index) => ({ costs: each, segment: segments[index] }));
    countPassed(change, -1, root);
    for (const { leaving } of segments) {
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

  /** What is said of each segment; of one that is as it was, what was said before. */
  #costsOf(segments: readonly Segment[]): SegmentCosts[] {
    const before = this.#rows.segments;
    const now = new Map<Segment, SegmentCosts>();
    const costs = segments.map((segment) => {
      const known = segment.dead === 0 ? before.get(segment) : undefined;
      const { start, nodes, buckets } = segment;
      const own = known ?? new SegmentCosts(nodes, start, start + buckets.length, this.#rows);
      own.start = start;
      if (segment.dead === 0) now.set(segment, own);
      return own;
    });
    this.#rows.segments = now;
    return costs;
  }

  #merged(costs: readonly SegmentCosts[]): StatementSums[] {
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
   * Sums from each node of a segment of the order up to the first node at or after `end`, for the first `columns`
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
    const { program, order, root } = this.#graph;
    const found = new Map<Statement, StatementSums>();
    const earliest = earliestBefore(order, [root]);
    // Innermost first.
    for (const region of [...program.regions].reverse()) {
      const sums = this.#within(region, order, earliest);
      if (sums !== undefined) this.#meet(found, { ...region, sums });
    }
    return [...found.values()];
  }

  /** The same where one use with all its repetitions is an instance. What is kept of a segment is kept of its uses. */
  uses(): readonly StatementSums[] {
    const { program, order, root } = this.#graph;
    const found = new Map<Statement, StatementSums>();
    const places = usePlaces(program.regions);
    let at = 0;
    for (const { costs, segment } of this.#parts) {
      const own: Place[] = [];
      const end = costs.start + costs.passed.length - 1;
      for (let place = places[at]; place !== undefined && place.start < end; place = places[++at])
        own.push(place);
      costs.uses ??= this.#usesIn(own, costs.start, segment?.nodes ?? order, segment?.goals ?? [root]);
      for (const { sums, start, end } of costs.uses)
        this.#meet(found, { sums, start: costs.start + start, end: costs.start + end });
    }
    return [...found.values()];
  }

  #usesIn(
    places: readonly Place[],
    origin: number,
    nodes: readonly Node[],
    entries: readonly Goal[],
  ): UsePlace[] {
    if (places.length === 0) return [];
    const earliest = earliestBefore(nodes, entries);
    return places.flatMap((place) => {
      const sums = this.#within(place, nodes, earliest);
      return sums === undefined ? [] : [{ sums, start: place.start - origin, end: place.end - origin }];
    });
  }

  /** Takes an instance of a statement in. */
  #meet(found: Map<Statement, StatementSums>, { sums, start, end }: UsePlace): void {
    const { statement, file } = sums;
    let total = found.get(statement);
    if (total === undefined) found.set(statement, (total = new StatementSums(statement, file)));
    // A way round everything in it may be a use without any layer.
    const isPassed = this.#canBePassed(start, end);
    total.widen(isPassed ? noRow : sums.low, 0, sums.high, 0);
    total.hold(isPassed ? 0 : sums.leastLive, sums.mostLive);
    total.isTimed &&= sums.isTimed;
    total.most += 1;
    if (!isPassed) total.least += 1;
  }

  /**
   * What the architectures that enter a row of instructions come to up to its end; `undefined` when none does. `nodes`
   * are in order and hold all of the row's, `earliest` says from where they are reached.
   */
  #within(
    place: Place,
    nodes: readonly Node[],
    earliest: ReadonlyMap<Node, number>,
  ): StatementSums | undefined {
    const { start, end, statement, file } = place;
    const from = firstAtOrAfter(nodes, start);
    const to = firstAtOrAfter(nodes, end);
    const entries: Node[] = [];
    for (let position = from; position < to; position += 1) {
      const node = nodes[position];
      if (isLive(node) && (earliest.get(node) ?? -1) < start) entries.push(node);
    }
    const [first] = nodes;
    if (entries.length === 0 || first === undefined) return undefined;
    const sums = this.#memo.scratch(this.#graph.order.length * stride);
    this.#accumulate(sums, first.index + from, first.index + to, end, width);
    const found = new StatementSums(statement, file);
    for (const node of entries) found.widen(sums, node.index * stride, sums, node.index * stride + width);
    this.#holdWithin(found, nodes, from, to, end, entries);
    found.isTimed &&= this.#isTimedBetween(first.index + from, first.index + to);
    return found;
  }

  /** The most that is alive while any layer in it runs. */
  #holdWithin(
    found: StatementSums,
    nodes: readonly Node[],
    from: number,
    to: number,
    end: number,
    entries: readonly Node[],
  ): void {
    /** By node, what is alive at least at its dearest, whatever way is taken. */
    const least = new Map<Node, number>();
    const leastFrom = (node: Node | undefined): number =>
      node === undefined || node.at >= end ? 0 : (least.get(node) ?? 0);
    for (let position = to - 1; position >= from; position -= 1) {
      const node = nodes[position];
      if (!isLive(node)) continue;
      if (node.mergedInto !== undefined) least.set(node, leastFrom(node.mergedInto));
      else if (node.kind === 'layer') {
        const live = this.#rows.live.of(node);
        found.hold(Infinity, live.most);
        least.set(node, Math.max(live.least, leastFrom(node.next)));
      } else if (node.kind !== 'end') {
        least.set(node, Math.min(...node.children.filter(isLive).map(leastFrom)));
      }
    }
    for (const node of entries) found.hold(leastFrom(node), 0);
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

  #canBePassed(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) {
      if (this.#graph.buckets[at] !== undefined && this.#covered[at] === 0) return false;
    }
    return true;
  }
}

const noRow = new Float64Array(width);

/** By node, the least instruction from which a way inside `nodes` leads to it; -1 for where they are entered. */
function earliestBefore(
  nodes: readonly Node[],
  entries: readonly (Goal | undefined)[],
): ReadonlyMap<Node, number> {
  const earliest = new Map<Node, number>();
  for (const entry of entries) if (entry !== undefined && 'kind' in entry) earliest.set(entry, -1);
  const link = (from: Node, to: Node | undefined): void => {
    if (to !== undefined) earliest.set(to, Math.min(earliest.get(to) ?? Infinity, from.at));
  };
  for (const node of nodes) {
    if (!isLive(node)) continue;
    if (node.mergedInto !== undefined) link(node, node.mergedInto);
    else if (node.kind === 'layer') link(node, node.next);
    else if (node.kind !== 'end') for (const child of node.children) link(node, child);
  }
  return earliest;
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
