/** Ways through the graph: one option at each choice until the end. */

import type { OnOperator } from '../program/run.ts';
import { runProgram } from '../program/run.ts';
import type { ChoiceSlot } from '../program/slots.ts';
import type { Choice, Decisions } from '../types.ts';
import { isLive } from './node.ts';
import type { DrawNode, Graph, Node } from './node.ts';

/** A choice that has come up: which options lead to an architecture, and how many each. */
export interface Crossing {
  readonly choice: Choice;
  /** At least one architecture has this option and what was decided before. */
  readonly open: (option: number) => boolean;
  /** How many, exactly. */
  readonly weight: (option: number) => bigint;
}

export type Choose = (crossing: Crossing) => number;

/** Tries before giving up on a space that is not exact and that its conditions almost empty. */
const REJECTIONS = 10_000;

/**
 * Follows `choose` to an architecture. In an exact graph every open option leads to one. Otherwise all options
 * look open, and decisions that turn out to be excluded are thrown away and chosen again.
 * Throws `RangeError` when there is no architecture.
 */
export function walk(graph: Graph, choose: Choose): Decisions {
  if (graph.exact) return walkExactly(graph, choose);
  for (let attempt = 0; attempt < REJECTIONS; attempt++) {
    const decisions: Record<string, number> = {};
    const result = runProgram(
      graph.program,
      graph.operators,
      graph.doubtfulFrom,
      decideAll(choose, decisions),
      ignore,
    );
    if (result.kind === 'done') return decisions;
  }
  throw new RangeError('No architecture of the space was found: its conditions exclude almost every one.');
}

function decideAll(choose: Choose, decisions: Record<string, number>): (slot: ChoiceSlot) => number {
  return ({ choice }) => {
    const option = choose({ choice, open: () => true, weight: () => 1n });
    decisions[choice.id] = option;
    return option;
  };
}

const ignore: OnOperator = () => undefined;

function walkExactly(graph: Graph, choose: Choose): Decisions {
  const decisions: Record<string, number> = {};
  let node: Node | undefined = graph.root;
  if (!isLive(node)) throw new RangeError('The space has no architecture.');
  while (node !== undefined && node.kind !== 'end') {
    if (node.kind !== 'draw') {
      node = node.kind === 'layer' ? node.next : undefined;
      continue;
    }
    const option = choose(crossingAt(node, graph));
    decisions[node.slot.choice.id] = option;
    node = node.children[option];
  }
  return decisions;
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
