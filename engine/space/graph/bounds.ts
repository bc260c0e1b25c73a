/**
 * Least and greatest sums of additive measures over all architectures: shortest and longest paths through the
 * graph, all measures in one pass (Bellman 1957). Exact when the graph is, since every path is an architecture.
 */

import type { InternedOp, LayerInstruction } from '../program/instructions.ts';
import { asOp, shapesOf } from '../program/run-layer.ts';
import type { Spread } from '../program/spread.ts';
import type { AdditiveBounds, AdditiveMeasure } from '../types.ts';
import { type Graph, isLayerInPlay, isLive, type Node } from './node.ts';

export function additiveBounds(graph: Graph, measure: AdditiveMeasure): AdditiveBounds {
  return new Sums(graph, measure).total();
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

/** From every node to the end of the graph. */
export class Sums {
  private readonly graph: Graph;
  private readonly width: number;
  /** By node: what its own layer costs. */
  private readonly own: Float64Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(graph: Graph, measure: AdditiveMeasure) {
    this.graph = graph;
    this.width = measure.width;
    const cells = graph.order.length * this.width;
    this.own = new Float64Array(cells);
    this.low = new Float64Array(cells);
    this.high = new Float64Array(cells);
    const operators = new MeasuredOperators(graph, measure);
    for (const node of graph.order) {
      if (!isLayerInPlay(node)) continue;
      const cost = this.ownOf(node);
      for (const op of node.outcome?.ops ?? []) operators.add(op, node.instruction, cost);
    }
    this.accumulate(0, graph.order.length, Number.MAX_SAFE_INTEGER);
  }

  total(): AdditiveBounds {
    const { root, exact } = this.graph;
    if (!isLive(root)) return Array.from({ length: this.width }, () => ({ low: 0, high: 0, exact: false }));
    const { low, high } = this.from(root);
    return Array.from(low, (value, index) => ({ low: value, high: high[index] ?? value, exact }));
  }

  /** What a node's own layer costs, by measure. */
  ownOf({ index }: Node): Float64Array {
    return this.own.subarray(index * this.width, (index + 1) * this.width);
  }

  /** Least and greatest sums from a node on, by measure. */
  from({ index }: Node): { readonly low: Float64Array; readonly high: Float64Array } {
    const [start, end] = [index * this.width, (index + 1) * this.width];
    return { low: this.low.subarray(start, end), high: this.high.subarray(start, end) };
  }

  /** Bounds from each node of a segment of the order up to the first node at or after `end`. */
  accumulate(from: number, to: number, end: number): void {
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
}
