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
import { rowsOf, stride, summed, told, width, type OperatorRows } from './operator-rows.ts';
import { StatementSums } from './statement-sums.ts';
import { Stretch } from './stretch.ts';
import { usePlaces, type Place } from './use-places.ts';
import { countPassed, Flow, goalOf, SegmentCosts, type UsePlace } from './segment-costs.ts';

export class SpaceWalk {
  readonly #graph: Graph;
  readonly #rows: OperatorRows;
  readonly #memo: OperatorMemo;
  /** By instruction, 1 when some architecture goes past it without stopping there. */
  #covered = new Uint8Array(0);
  readonly totalLow = new Float64Array(width);
  readonly totalHigh = new Float64Array(width);
  /** Every operator of the space has a latency. */
  isTimed = true;
  /** Statements that are layers, in the order in which they run. */
  readonly layers: readonly StatementSums[];
  /** Bytes of the buffers that kernels share, at most. */
  mostPooled = 0;
  /** Bytes of what a layer puts out, at most. */
  greatestOutput = 0;
  /** Bytes that preparing one operator takes, at most. */
  mostPassing = 0;
  /** What is known of each segment, or of the whole where it has none. */
  #parts: readonly { readonly costs: SegmentCosts; readonly segment: Segment | undefined }[] = [];

  constructor(graph: Graph, compiled: CompiledTarget) {
    this.#graph = graph;
    this.#memo = memoOf(compiled);
    this.#rows = rowsOf(graph, compiled);
    this.layers = this.#visitLayers();
    for (const { mostPooled, mostOutput, mostPassing } of this.layers) {
      this.mostPassing = Math.max(this.mostPassing, mostPassing);
      this.mostPooled = Math.max(this.mostPooled, mostPooled * compiled.memory.pools);
      this.greatestOutput = Math.max(this.greatestOutput, mostOutput);
    }
    const { root } = graph;
    if (!isLive(root)) return;
    const sums = this.#roomForSums();
    if (graph.segments.length === 0) this.#accumulate(sums, 0, graph.order.length, Infinity, summed, width);
    for (let at = graph.segments.length - 1; at >= 0; at -= 1) this.#flow(sums, graph.segments[at]);
    const start = root.index * stride;
    this.totalLow.set(sums.subarray(start, start + width));
    this.totalHigh.set(sums.subarray(start + width, start + stride));
  }

  /** The sums of one segment: those of the version before, when those behind it are the same. */
  #flow(sums: Float64Array, segment: Segment | undefined): void {
    const first = segment?.nodes[0];
    if (segment === undefined || first === undefined) return;
    const costs = this.#rows.segments.get(segment);
    if (costs?.flow?.restore(sums, segment) === true) return;
    this.#accumulate(sums, first.index, first.index + segment.nodes.length, Infinity, summed, width);
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

  /** Room for the sums of every node, and behind them a row of zeros. */
  #roomForSums(): Float64Array {
    const zeros = this.#zeros;
    return this.#memo.scratch(zeros + stride).fill(0, zeros, zeros + stride);
  }

  /** Where the row of zeros starts: what comes to nothing. */
  get #zeros(): number {
    return this.#graph.order.length * stride;
  }

  /**
   * Sums from each node of a segment of the order up to the first node at or after `end`, for the columns from
   * `low` up to `high`. The nodes' rows of `sums` are written, last first.
   */
  #accumulate(sums: Float64Array, from: number, to: number, end: number, low: number, high: number): void {
    const { order } = this.#graph;
    const { values } = this.#rows;
    const zeros = this.#zeros;
    for (let position = to - 1; position >= from; position -= 1) {
      const node = order[position];
      if (!isLive(node)) continue;
      const start = position * stride;
      if (node.mergedInto === undefined && (node.kind === 'draw' || node.kind === 'recall')) {
        let isFirst = true;
        // By index: iterators would be most of what a cold walk allocates.
        for (let option = 0; option < node.children.length; option += 1) {
          const child = node.children[option];
          if (!isLive(child)) continue;
          const base = child.at >= end ? zeros : child.index * stride;
          if (isFirst) addRows(sums, start, base, sums, zeros, low, high);
          else widenRow(sums, start, base, low, high);
          isFirst = false;
        }
        continue;
      }
      const next = node.mergedInto ?? (node.kind === 'layer' ? node.next : undefined);
      let base = next === undefined || next.at >= end ? zeros : next.index * stride;
      const ops = node.kind === 'layer' && node.mergedInto === undefined ? node.outcome?.ops : undefined;
      if (ops === undefined || ops.length === 0) addRows(sums, start, base, sums, zeros, low, high);
      else
        for (let each = 0; each < ops.length; each += 1) {
          addRows(sums, start, base, values, (ops[each]?.id ?? 0) * width, low, high);
          base = start;
        }
    }
  }

  /** Statements that hold layers: uses of blocks, groups, choices. One repetition of one use is an instance. */
  holders(): readonly StatementSums[] {
    const { program, order, root } = this.#graph;
    const found = new Map<Statement, StatementSums>();
    const stretch = new Stretch(order, [root], this.#rows);
    // Innermost first.
    for (const region of [...program.regions].reverse()) {
      const sums = this.#within(region, stretch);
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
    const stretch = new Stretch(nodes, entries, this.#rows);
    return places.flatMap((place) => {
      const sums = this.#within(place, stretch);
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

  /** What the architectures that enter a row of instructions come to up to its end; `undefined` when none does. */
  #within(place: Place, stretch: Stretch): StatementSums | undefined {
    const { start, end, statement, file } = place;
    const from = firstAtOrAfter(stretch.nodes, start);
    const to = firstAtOrAfter(stretch.nodes, end);
    const entries = stretch.entered(from, to, start);
    if (entries.length === 0) return undefined;
    const [first, last] = [stretch.first + from, stretch.first + to];
    const sums = this.#roomForSums();
    this.#accumulate(sums, first, last, end, 0, told);
    const found = new StatementSums(statement, file);
    for (const { index } of entries) found.widen(sums, index * stride, sums, index * stride + width);
    stretch.hold(found, from, to, end, entries);
    found.isTimed &&= this.#isTimedBetween(first, last);
    return found;
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

const noRow = new Float64Array(told);

/** Writes the least and the greatest sums behind `base`, each with the same costs more. */
function addRows(
  sums: Float64Array,
  start: number,
  base: number,
  costs: Float64Array,
  own: number,
  low: number,
  high: number,
): void {
  for (let index = low; index < high; index += 1) {
    const cost = costs[own + index] ?? 0;
    sums[start + index] = (sums[base + index] ?? 0) + cost;
    sums[start + width + index] = (sums[base + width + index] ?? 0) + cost;
  }
}

function widenRow(sums: Float64Array, start: number, base: number, low: number, high: number): void {
  for (let index = low; index < high; index += 1) {
    const least = sums[base + index] ?? 0;
    const most = sums[base + width + index] ?? 0;
    if (least < (sums[start + index] ?? 0)) sums[start + index] = least;
    if (most > (sums[start + width + index] ?? 0)) sums[start + width + index] = most;
  }
}
