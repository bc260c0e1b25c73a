/** How the nodes of a graph are reached: forwards through the order, for those who ask. */

import type { Node } from './node.ts';

const NOWHERE = 0x3fffffff;

export class Arrivals {
  private readonly earliest: Int32Array;
  private readonly parents: (Node | undefined)[];
  private readonly options: Int32Array;
  private readonly clean: Uint8Array;

  constructor(order: readonly Node[], root: Node | undefined) {
    this.earliest = new Int32Array(order.length).fill(NOWHERE);
    this.parents = new Array<Node | undefined>(order.length).fill(undefined);
    this.options = new Int32Array(order.length).fill(-1);
    this.clean = new Uint8Array(order.length);
    if (root !== undefined) {
      this.clean[root.index] = 1;
      this.earliest[root.index] = -1;
    }
    for (const node of order) this.follow(node);
  }

  /** The least `at` of the nodes that lead to a node without failing; -1 for the root. */
  earliestBefore(node: Node): number {
    return this.earliest[node.index] ?? NOWHERE;
  }

  /** One way that leads to a node, for naming an architecture. */
  parentOf(node: Node): { readonly node: Node; readonly option: number } | undefined {
    const parent = this.parents[node.index];
    return parent && { node: parent, option: this.options[node.index] ?? -1 };
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
    const failed = from.kind === 'layer' && from.failed;
    const clean = this.isClean(from) && !failed;
    if (!failed) this.earliest[index] = Math.min(this.earliest[index] ?? NOWHERE, from.at);
    if (this.parents[index] === undefined || (clean && this.clean[index] === 0)) {
      this.parents[index] = from;
      this.options[index] = option;
      this.clean[index] = clean ? 1 : 0;
    }
  }
}
