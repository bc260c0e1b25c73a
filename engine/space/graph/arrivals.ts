/** How the nodes of a graph are reached: forwards through the order, for those who ask. */

import type { Node } from './node.ts';

export class Arrivals {
  private readonly predecessors: (Node | undefined)[];
  private readonly options: Int32Array;
  private readonly clean: Uint8Array;

  constructor(order: readonly Node[], root: Node | undefined) {
    this.predecessors = new Array<Node | undefined>(order.length).fill(undefined);
    this.options = new Int32Array(order.length).fill(-1);
    this.clean = new Uint8Array(order.length);
    if (root !== undefined) this.clean[root.index] = 1;
    for (const node of order) this.follow(node);
  }

  /** One way that leads to a node, for naming an architecture. */
  predecessorOf(node: Node): { readonly node: Node; readonly option: number } | undefined {
    const predecessor = this.predecessors[node.index];
    return predecessor && { node: predecessor, option: this.options[node.index] ?? -1 };
  }

  /** No failure on some way that leads to the node. */
  isClean(node: Node): boolean {
    return this.clean[node.index] === 1;
  }

  private follow(node: Node): void {
    if (node.mergedInto !== undefined) this.link(node, node.mergedInto, -1);
    else if (node.kind === 'layer') this.link(node, node.next, 0);
    else if (node.kind === 'draw') node.children.forEach((child, option) => this.link(node, child, option));
    else if (node.kind === 'recall') for (const child of node.children) this.link(node, child, -1);
  }

  private link(from: Node, to: Node | undefined, option: number): void {
    if (to === undefined) return;
    const { index } = to;
    const clean = this.isClean(from) && !(from.kind === 'layer' && from.failed);
    if (this.predecessors[index] === undefined || (clean && this.clean[index] === 0)) {
      this.predecessors[index] = from;
      this.options[index] = option;
      this.clean[index] = clean ? 1 : 0;
    }
  }
}
