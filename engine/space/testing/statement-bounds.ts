/**
 * What one statement of a space costs at least and at most, and how often it runs, from a measure that asks for each
 * operator by itself. A second way to what pricing keeps per statement, to hold it against.
 */

import type { Statement } from '../../../grammar/ast.ts';
import { Sums } from '../graph/bounds.ts';
import { firstAtOrAfter, type Graph, isLayerInPlay, isLive, type Node } from '../graph/node.ts';
import type { Region } from '../program/instructions.ts';
import { ElaboratedSpace } from '../search-space.ts';
import type { AdditiveMeasure, SearchSpace } from '../types.ts';

/** Of one instance of a statement, over all uses of its block and all architectures in which it is present. */
export interface StatementBounds {
  readonly statement: Statement;
  readonly file: string;
  /** By measure. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Least and most times that the statement runs in one inference. */
  readonly least: number;
  readonly most: number;
}

/** For spaces made by `analyse`; throws `TypeError` for others. */
export function statementBounds(space: SearchSpace, measure: AdditiveMeasure): readonly StatementBounds[] {
  if (!(space instanceof ElaboratedSpace)) throw new TypeError('Only spaces made by analyse() have a graph.');
  return new StatementPass(space.graph, measure).run();
}

interface StatementEntry extends StatementBounds {
  least: number;
  most: number;
}

class StatementPass {
  private readonly graph: Graph;
  private readonly width: number;
  private readonly sums: Sums;
  private readonly statements = new Map<Statement, StatementEntry>();

  constructor(graph: Graph, measure: AdditiveMeasure) {
    this.graph = graph;
    this.width = measure.width;
    this.sums = new Sums(graph, measure);
  }

  run(): readonly StatementBounds[] {
    const { graph, sums } = this;
    for (const node of graph.order) {
      if (!isLayerInPlay(node)) continue;
      const { statement, source } = node.instruction;
      const cost = sums.ownOf(node);
      widen(this.entry(statement, source.file), cost, cost);
    }
    const covered = jumpedOver(graph);
    this.countInstances(covered);
    this.regions(covered);
    return [...this.statements.values()];
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
    const { graph, sums } = this;
    const { order } = graph;
    const earliest = earliestBefore(graph);
    for (const region of innermostFirst(graph.program.regions)) {
      const from = firstAtOrAfter(order, region.start);
      const to = firstAtOrAfter(order, region.end);
      const entries: Node[] = [];
      for (let position = from; position < to; position++) {
        const node = order[position];
        if (isLive(node) && (earliest.get(node) ?? Infinity) < region.start) entries.push(node);
      }
      if (entries.length === 0) continue;
      sums.accumulate(from, to, region.end);
      const entry = this.entry(region.statement, region.file);
      for (const node of entries) {
        const { low, high } = sums.from(node);
        widen(entry, low, high);
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
    };
    this.statements.set(statement, entry);
    return entry;
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

/** By node, the least `at` of those that lead to it without failing; -1 for the root. */
function earliestBefore({ order, root }: Graph): ReadonlyMap<Node, number> {
  const earliest = new Map<Node, number>(root === undefined ? [] : [[root, -1]]);
  for (const node of order) {
    if (node.kind === 'layer' && node.failed) continue;
    const inner = node.kind === 'draw' || node.kind === 'recall' ? node.children : [];
    const next = node.kind === 'layer' && node.next !== undefined ? [node.next] : inner;
    for (const to of node.mergedInto === undefined ? next : [node.mergedInto])
      if (to !== undefined) earliest.set(to, Math.min(earliest.get(to) ?? Infinity, node.at));
  }
  return earliest;
}

function innermostFirst(regions: readonly Region[]): readonly Region[] {
  return [...regions].reverse();
}
