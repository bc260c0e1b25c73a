/** Counting paths from each node to the end, backwards through the order. */

import type { Node } from './node.ts';

/**
 * Fills in `count` and `reaches`; gives the number of nodes from which no architecture goes on.
 *
 * Where a forgotten value is recalled, one prefix of decisions goes on with one value only, so the greatest
 * of the branches is an upper bound; their sum would be a worse one.
 */
export function countPaths(order: readonly Node[]): number {
  let dead = 0;
  for (let index = order.length - 1; index >= 0; index--) {
    const node = order[index];
    if (node === undefined) continue;
    countNode(node);
    if (node.count === 0) dead++;
  }
  return dead;
}

/** The number of paths from the root, after {@link countPaths}; fills in `exactCount` if doubles cannot hold it. */
export function totalPaths(order: readonly Node[], root: Node | undefined): bigint {
  if (root === undefined) return 0n;
  if (root.count <= Number.MAX_SAFE_INTEGER) return BigInt(root.count);
  for (let index = order.length - 1; index >= 0; index--) {
    const node = order[index];
    if (node !== undefined) node.exactCount = exactly(node);
  }
  return root.exactCount ?? 0n;
}

/** Writing the same number again would make garbage: it may be too large for a small integer. */
function setCount(node: Node, count: number): void {
  if (node.count !== count) node.count = count;
}

function countNode(node: Node): void {
  if (node.mergedInto !== undefined) {
    node.count = node.mergedInto.count;
    node.reaches = node.mergedInto.reaches;
    return;
  }
  switch (node.kind) {
    case 'end':
      node.count = 1;
      node.reaches = true;
      return;
    case 'layer':
      setCount(node, node.failed ? 0 : (node.next?.count ?? 0));
      node.reaches = node.next?.reaches ?? false;
      return;
    case 'draw':
    case 'recall': {
      let count = 0;
      let reaches = false;
      // By index: iterators would be most of what a cold walk allocates.
      for (let option = 0; option < node.children.length; option++) {
        const child = node.children[option];
        if (child === undefined) continue;
        count = node.kind === 'draw' ? count + child.count : Math.max(count, child.count);
        reaches ||= child.reaches;
      }
      setCount(node, count);
      node.reaches = reaches;
    }
  }
}

function exactly(node: Node): bigint {
  if (node.mergedInto !== undefined) return node.mergedInto.exactCount ?? 0n;
  switch (node.kind) {
    case 'end':
      return 1n;
    case 'layer':
      return node.failed ? 0n : (node.next?.exactCount ?? 0n);
    case 'draw':
      return node.children.reduce((sum, child) => sum + (child?.exactCount ?? 0n), 0n);
    case 'recall':
      return node.children.reduce((most, child) => {
        const count = child.exactCount ?? 0n;
        return count > most ? count : most;
      }, 0n);
  }
}
