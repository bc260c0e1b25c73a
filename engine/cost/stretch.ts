/** Nodes that follow each other in the order of a graph, for what is said of the uses that they belong to. */

import { isLive, type Node } from '../space/graph/node.ts';
import type { Goal } from '../space/graph/segment.ts';
import type { OperatorRows } from './operator-rows.ts';
import type { StatementSums } from './statement-sums.ts';

/** Stands for an instruction behind all others. */
const nowhere = 2 ** 31 - 1;

export class Stretch {
  readonly nodes: readonly Node[];
  /** Position of the first in the order. */
  readonly first: number;
  /** By node, the least instruction from which a way inside leads to it; -1 for where they are entered. */
  readonly #earliest: Int32Array;
  /** By node that is a layer, bytes alive while it runs. */
  readonly #leastLive: Float64Array;
  readonly #mostLive: Float64Array;
  /** By node, what is alive at least at its dearest, whatever way is taken from there. */
  readonly #least: Float64Array;

  constructor(nodes: readonly Node[], entries: readonly (Goal | undefined)[], rows: OperatorRows) {
    const { length } = nodes;
    this.nodes = nodes;
    this.first = nodes[0]?.index ?? 0;
    this.#earliest = new Int32Array(length).fill(nowhere);
    this.#leastLive = new Float64Array(length);
    this.#mostLive = new Float64Array(length);
    this.#least = new Float64Array(length);
    for (const entry of entries) if (entry !== undefined && 'kind' in entry) this.#link(-1, entry);
    for (let position = 0; position < length; position += 1) {
      const node = nodes[position];
      if (!isLive(node)) continue;
      if (node.mergedInto !== undefined) this.#link(node.at, node.mergedInto);
      else if (node.kind === 'layer') {
        this.#link(node.at, node.next);
        const costs = rows.of(node);
        this.#leastLive[position] = costs.least;
        this.#mostLive[position] = rows.live.mostAt(node, costs);
      } else if (node.kind !== 'end') for (const child of node.children) this.#link(node.at, child);
    }
  }

  #link(from: number, to: Node | undefined): void {
    if (to === undefined) return;
    const position = to.index - this.first;
    const known = this.#earliest[position];
    if (known !== undefined && from < known) this.#earliest[position] = from;
  }

  /** Of the nodes at positions from `from` up to `to`, those that are reached from before an instruction. */
  entered(from: number, to: number, start: number): Node[] {
    const found: Node[] = [];
    for (let position = from; position < to; position += 1) {
      const node = this.nodes[position];
      const earliest = this.#earliest[position];
      if (isLive(node) && (earliest === nowhere || (earliest ?? -1) < start)) found.push(node);
    }
    return found;
  }

  /** Notes the most that is alive while any layer runs on a way from the entries up to the instruction `end`. */
  hold(found: StatementSums, from: number, to: number, end: number, entries: readonly Node[]): void {
    const least = this.#least;
    for (let position = to - 1; position >= from; position -= 1) {
      const node = this.nodes[position];
      if (!isLive(node)) continue;
      if (node.mergedInto !== undefined) least[position] = this.#leastFrom(node.mergedInto, end);
      else if (node.kind === 'layer') {
        found.hold(Infinity, this.#mostLive[position] ?? 0);
        least[position] = Math.max(this.#leastLive[position] ?? 0, this.#leastFrom(node.next, end));
      } else if (node.kind !== 'end') {
        let lowest = Infinity;
        for (const child of node.children)
          if (isLive(child)) lowest = Math.min(lowest, this.#leastFrom(child, end));
        least[position] = lowest;
      }
    }
    for (const node of entries) found.hold(this.#leastFrom(node, end), 0);
  }

  #leastFrom(node: Node | undefined, end: number): number {
    return node === undefined || node.at >= end ? 0 : (this.#least[node.index - this.first] ?? 0);
  }
}
