/**
 * Least and greatest sums of additive measures over all architectures: shortest and longest paths through the
 * graph, all measures in one pass (Bellman 1957). Exact when the graph is, since every path is an architecture.
 */

import type { Statement } from '../../../grammar/ast.ts';
import type { InternedOp, LayerInstruction, Region } from '../program/instructions.ts';
import { asOp, shapesOf } from '../program/run-layer.ts';
import type { Spread } from '../program/spread.ts';
import type { AdditiveBounds, AdditiveMeasure } from '../types.ts';
import { isLayerInPlay, isLive } from './node.ts';
import type { Graph, Node } from './node.ts';

export function additiveBounds(graph: Graph, measure: AdditiveMeasure): AdditiveBounds {
  return new BoundsPass(graph, measure).run();
}

/** Costs of operators, measured once for each combination of attributes and shapes. */
class MeasuredOperators {
  private readonly costs: Float64Array;
  private readonly done: Uint8Array;
  private readonly measure: AdditiveMeasure;

  constructor(graph: Graph, measure: AdditiveMeasure) {
    this.measure = measure;
    this.costs = new Float64Array(graph.operators.ops.length * measure.width);
    this.done = new Uint8Array(graph.operators.ops.length);
  }

  add(op: InternedOp, instruction: LayerInstruction, into: Float64Array): void {
    const { width } = this.measure;
    const start = op.id * width;
    if (this.done[op.id] === 0) {
      const out = this.costs.subarray(start, start + width);
      this.measureInto(op, instruction, out);
      if (op.spread !== undefined) this.spread(op, op.spread, instruction, out);
      this.done[op.id] = 1;
    }
    for (let index = 0; index < width; index++)
      into[index] = (into[index] ?? 0) + (this.costs[start + index] ?? 0);
  }

  private measureInto(op: InternedOp, instruction: LayerInstruction, out: Float64Array): void {
    const inputs = op.inputs.map((_, index) => index);
    const asNetworkOp = asOp(op, instruction, 0, inputs, inputs.length);
    this.measure.measure(asNetworkOp, shapesOf(op.inputs), op.output.shape, out);
  }

  /** The least, or the most, of all that an operator stands for: measures grow with channels. */
  private spread(
    { id }: InternedOp,
    { side, frames }: Spread,
    instruction: LayerInstruction,
    out: Float64Array,
  ): void {
    const own = new Float64Array(out.length);
    for (const { corners } of frames) {
      for (const corner of corners) {
        this.measureInto({ ...corner, id }, instruction, own.fill(0));
        for (let index = 0; index < out.length; index++) {
          const [known = 0, found = 0] = [out[index], own[index]];
          out[index] = side === 'low' ? Math.min(known, found) : Math.max(known, found);
        }
      }
    }
  }
}

interface StatementEntry {
  readonly statement: Statement;
  readonly file: string;
  readonly low: Float64Array;
  readonly high: Float64Array;
  least: number;
  most: number;
  example: { readonly op: InternedOp; readonly instruction: LayerInstruction } | undefined;
  exampleCost: number;
}

class BoundsPass {
  private readonly graph: Graph;
  private readonly width: number;
  private readonly operators: MeasuredOperators;
  /** By node: what its own layer costs. */
  private readonly own: Float64Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly statements = new Map<Statement, StatementEntry>();

  constructor(graph: Graph, measure: AdditiveMeasure) {
    this.graph = graph;
    this.width = measure.width;
    this.operators = new MeasuredOperators(graph, measure);
    const cells = graph.order.length * this.width;
    this.own = new Float64Array(cells);
    this.low = new Float64Array(cells);
    this.high = new Float64Array(cells);
  }

  run(): AdditiveBounds {
    const { graph, width } = this;
    this.layers();
    this.accumulate(0, graph.order.length, Number.MAX_SAFE_INTEGER);
    const root = graph.root;
    const total = Array.from({ length: width }, (_, index) => {
      if (!isLive(root)) return { low: 0, high: 0, exact: false };
      const cell = root.index * width + index;
      return { low: this.low[cell] ?? 0, high: this.high[cell] ?? 0, exact: graph.exact };
    });
    const covered = jumpedOver(graph);
    this.countInstances(covered);
    this.regions(covered);
    return { total, statements: [...this.statements.values()].map((entry) => this.present(entry)) };
  }

  /** Own costs, and the bounds of the statements that are layers. */
  private layers(): void {
    const { graph, width, own } = this;
    for (const node of graph.order) {
      if (!isLayerInPlay(node)) continue;
      const cost = own.subarray(node.index * width, (node.index + 1) * width);
      for (const op of node.outcome?.ops ?? []) this.operators.add(op, node.instruction, cost);
      const { statement, source } = node.instruction;
      const entry = this.entry(statement, source.file);
      widen(entry, cost, cost);
      const first = cost[0] ?? 0;
      if (entry.example === undefined || first > entry.exampleCost) {
        const op = node.outcome?.ops[0];
        if (op !== undefined) entry.example = { op, instruction: node.instruction };
        entry.exampleCost = first;
      }
    }
  }

  /** Bounds from each node of a stretch of the order up to the first node at or after `end`. */
  private accumulate(from: number, to: number, end: number): void {
    const { graph, width, low, high, own } = this;
    for (let position = to - 1; position >= from; position--) {
      const node = graph.order[position];
      if (!isLive(node)) continue;
      const start = position * width;
      if (node.mergedInto === undefined && (node.kind === 'draw' || node.kind === 'recall')) {
        low.fill(Infinity, start, start + width);
        high.fill(-Infinity, start, start + width);
        for (const child of node.children) if (isLive(child)) this.take(start, child, end);
      } else {
        const next = node.mergedInto ?? (node.kind === 'layer' ? node.next : undefined);
        const base = next === undefined || next.at >= end ? -1 : next.index * width;
        for (let index = 0; index < width; index++) {
          const cost = own[start + index] ?? 0;
          low[start + index] = cost + (base < 0 ? 0 : (low[base + index] ?? 0));
          high[start + index] = cost + (base < 0 ? 0 : (high[base + index] ?? 0));
        }
      }
    }
  }

  private take(start: number, child: Node, end: number): void {
    const { width, low, high } = this;
    const base = child.at >= end ? -1 : child.index * width;
    for (let index = 0; index < width; index++) {
      const childLow = base < 0 ? 0 : (low[base + index] ?? 0);
      const childHigh = base < 0 ? 0 : (high[base + index] ?? 0);
      if (childLow < (low[start + index] ?? 0)) low[start + index] = childLow;
      if (childHigh > (high[start + index] ?? 0)) high[start + index] = childHigh;
    }
  }

  /** How often a layer runs: instances that no way jumps over, and instances that some way reaches. */
  private countInstances(covered: Uint8Array): void {
    this.graph.buckets.forEach((bucket, at) => {
      const node = bucket?.find(isLayerInPlay);
      if (node === undefined) return;
      const entry = this.statements.get(node.instruction.statement);
      if (entry === undefined) return;
      entry.most++;
      if (covered[at] === 0) entry.least++;
    });
  }

  /** The bounds of statements that hold others, one repetition of one use at a time. */
  private regions(covered: Uint8Array): void {
    const { graph, width, low, high } = this;
    const { order } = graph;
    for (const region of innermostFirst(graph.program.regions)) {
      const from = firstAtOrAfter(order, region.start);
      const to = firstAtOrAfter(order, region.end);
      const entries: Node[] = [];
      for (let position = from; position < to; position++) {
        const node = order[position];
        if (isLive(node) && graph.arrivals.earliestBefore(node) < region.start) entries.push(node);
      }
      if (entries.length === 0) continue;
      this.accumulate(from, to, region.end);
      const entry = this.entry(region.statement, region.file);
      for (const node of entries) {
        const start = node.index * width;
        widen(entry, low.subarray(start, start + width), high.subarray(start, start + width));
      }
      entry.most++;
      let passed = true;
      for (let at = region.start; at < region.end && passed; at++) {
        if (graph.buckets[at] !== undefined && covered[at] === 0) passed = false;
      }
      // A way round everything in it may be a use without any layer.
      if (passed) entry.low.fill(0);
      else entry.least++;
    }
  }

  private entry(statement: Statement, file: string): StatementEntry {
    const known = this.statements.get(statement);
    if (known !== undefined) return known;
    const entry: StatementEntry = {
      statement,
      file,
      low: new Float64Array(this.width).fill(Infinity),
      high: new Float64Array(this.width).fill(-Infinity),
      least: 0,
      most: 0,
      example: undefined,
      exampleCost: -Infinity,
    };
    this.statements.set(statement, entry);
    return entry;
  }

  private present(entry: StatementEntry): AdditiveBounds['statements'][number] {
    const { example } = entry;
    return {
      statement: entry.statement,
      file: entry.file,
      bounds: Array.from(entry.low, (low, index) => ({ low, high: entry.high[index] ?? low })),
      instances: { low: entry.least, high: entry.most },
      example:
        example === undefined
          ? undefined
          : {
              op: asOp(
                example.op,
                example.instruction,
                0,
                example.op.inputs.map((_, index) => index),
                example.op.inputs.length,
              ),
              inputs: shapesOf(example.op.inputs),
              output: example.op.output.shape,
            },
    };
  }
}

function widen(entry: StatementEntry, low: Float64Array, high: Float64Array): void {
  for (let index = 0; index < low.length; index++) {
    entry.low[index] = Math.min(entry.low[index] ?? 0, low[index] ?? 0);
    entry.high[index] = Math.max(entry.high[index] ?? 0, high[index] ?? 0);
  }
}

/** By instruction, 1 when some architecture goes past it without stopping there. */
function jumpedOver(graph: Graph): Uint8Array {
  const change = new Int32Array(graph.buckets.length + 1);
  const edge = (from: Node, to: Node | undefined): void => {
    if (!isLive(to)) return;
    change[from.at + 1] = (change[from.at + 1] ?? 0) + 1;
    change[to.at] = (change[to.at] ?? 0) - 1;
  };
  if (graph.root !== undefined) {
    change[0] = (change[0] ?? 0) + 1;
    change[graph.root.at] = (change[graph.root.at] ?? 0) - 1;
  }
  for (const node of graph.order) {
    if (node.count === 0 || node.mergedInto !== undefined) continue;
    if (node.kind === 'layer') edge(node, node.next);
    else if (node.kind === 'draw') for (const child of node.children) edge(node, child);
    else if (node.kind === 'recall')
      for (const child of node.children) if (child.at > node.at) edge(node, child);
  }
  const covered = new Uint8Array(graph.buckets.length);
  let open = 0;
  for (let at = 0; at < covered.length; at++) {
    open += change[at] ?? 0;
    covered[at] = open > 0 ? 1 : 0;
  }
  return covered;
}

function innermostFirst(regions: readonly Region[]): readonly Region[] {
  return [...regions].reverse();
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
