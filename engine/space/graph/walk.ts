/** Ways through the graph: one option at each choice until the end. */

import type { Choice, Decisions } from '../types.ts';
import { type DrawNode, type Graph, isLive, type Node } from './node.ts';

/** A choice that has come up: which options lead to an architecture, and how many each. */
export interface Crossing {
  readonly choice: Choice;
  /** At least one architecture has this option and what was decided before. */
  readonly open: (option: number) => boolean;
  /** How many, exactly. */
  readonly weight: (option: number) => bigint;
}

export type Choose = (crossing: Crossing) => number;

/**
 * Follows `choose` to an architecture; every open option leads to one. Only for graphs whose paths are counted;
 * `reject.ts` is for others.
 * Throws `RangeError` when there is no architecture.
 */
export function walk(graph: Graph, choose: Choose): Decisions {
  const decisions: Record<string, number> = {};
  let node: Node | undefined = graph.root;
  if (!isLive(node)) throw new RangeError('The space has no architecture.');
  while (node !== undefined && node.kind !== 'end') {
    if (node.kind !== 'draw' || node.mergedInto !== undefined) {
      node = onward(node);
      continue;
    }
    const option = choose(crossingAt(node, graph));
    decisions[node.slot.choice.id] = option;
    node = node.children[option];
  }
  return decisions;
}

/** Where the only way on leads: of the layers that one place stands for, any will do. */
export function onward(node: Node): Node | undefined {
  if (node.mergedInto !== undefined) return node.mergedInto;
  if (node.kind === 'layer') return node.next;
  return node.kind === 'recall' ? node.children.find(isLive) : undefined;
}

function crossingAt(node: DrawNode, graph: Graph): Crossing {
  return {
    choice: node.slot.choice,
    open: (option) => isLive(node.children[option]),
    weight: (option) => pathsOf(node.children[option], graph),
  };
}

/** Architectures that go on from a node, exactly. */
export function pathsOf(node: Node | undefined, graph: Graph): bigint {
  if (node === undefined) return 0n;
  const fits = graph.root === undefined || graph.root.count <= Number.MAX_SAFE_INTEGER;
  return fits || graph.total === 0n ? BigInt(node.count) : (node.exactCount ?? 0n);
}
