/** Counting paths from each node to the end, backwards through the order. */

import type { Node } from './node.ts';

/**
 * Fills in `count` and `reaches`.
 *
 * Where a forgotten value is recalled, one prefix of decisions goes on with one value only, so the greatest
 * of the branches is an upper bound; their sum would be a worse one.
 */
export function countPaths(order: readonly Node[]): void {
  for (let index = order.length - 1; index >= 0; index--) {
    const node = order[index];
    if (node !== undefined) countNode(node);
  }
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
      node.count = node.failed ? 0 : (node.next?.count ?? 0);
      node.reaches = node.next?.reaches ?? false;
      return;
    case 'draw':
    case 'recall': {
      let count = 0;
      let reaches = false;
      for (const child of node.children) {
        if (child === undefined) continue;
        count = node.kind === 'draw' ? count + child.count : Math.max(count, child.count);
        reaches ||= child.reaches;
      }
      node.count = count;
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
