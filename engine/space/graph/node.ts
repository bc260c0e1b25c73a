/** What the graph of all architectures is made of; `graph.ts` builds it. */

import type { LayerInstruction, LayerOutcome } from '../program/instructions.ts';
import type { Runnable } from '../program/run.ts';
import type { ChoiceSlot, Registers } from '../program/slots.ts';
import type { Arrivals } from './arrivals.ts';
import type { Segment } from './segment.ts';

/** Common to all nodes. A class, so that the many nodes of a graph have one layout in memory. */
abstract class NodeBase {
  /** The instruction where it stands. */
  at: number;
  readonly registers: Registers;
  readonly hash: number;
  /** Position in {@link Graph.order}. */
  index = -1;
  /** The node that stands for this one since registers were forgotten. */
  mergedInto: Node | undefined = undefined;
  /** Architectures that go on from here; a double, exact below 2^53. -0 is one too, so that all nodes keep one layout. */
  count = -0;
  /** The same, exact, when the number of architectures does not fit a double. */
  exactCount: bigint | undefined = undefined;
  /** Some way, with failures or without, leads to the end. */
  reaches = false;

  constructor(at: number, registers: Registers, hash: number) {
    this.at = at;
    this.registers = registers;
    this.hash = hash;
  }
}

export class DrawNode extends NodeBase {
  readonly kind = 'draw';
  readonly slot: ChoiceSlot;
  /** By option; `undefined` where a `require` excludes it. */
  readonly children: (Node | undefined)[] = [];

  constructor(at: number, registers: Registers, hash: number, slot: ChoiceSlot) {
    super(at, registers, hash);
    this.slot = slot;
  }
}

export class LayerNode extends NodeBase {
  readonly kind = 'layer';
  readonly instruction: LayerInstruction;
  outcome: LayerOutcome | undefined = undefined;
  failed = false;
  next: Node | undefined = undefined;

  constructor(at: number, registers: Registers, hash: number, instruction: LayerInstruction) {
    super(at, registers, hash);
    this.instruction = instruction;
  }
}

/** A forgotten register is read: one child for each value it may have. */
export class RecallNode extends NodeBase {
  readonly kind = 'recall';
  readonly children: Node[] = [];
}

export class EndNode extends NodeBase {
  readonly kind = 'end';
}

export type Node = DrawNode | LayerNode | RecallNode | EndNode;

export interface Graph extends Runnable {
  /** `undefined` when every way is excluded at once. */
  readonly root: Node | undefined;
  /** Every node stands after the nodes that lead to it. */
  readonly order: readonly Node[];
  /** By instruction. */
  readonly buckets: readonly (readonly Node[] | undefined)[];
  /** Every path is an architecture, through the layers that it has. */
  readonly exact: boolean;
  /** Every path of decisions is an architecture, although what lies between them may stand for many layers. */
  readonly isCounted: boolean;
  /** Its states were too many to tell apart; the choice with most options is why, if it has any. */
  readonly isRelaxed: boolean;
  /** Paths; architectures when {@link isCounted}, else at least as many. */
  readonly total: bigint;
  /** Greatest number of states that could meet at one instruction. */
  readonly limit: number;
  /** Layers that fail, or of which something is to be said, in order. */
  readonly remarkable: readonly LayerNode[];
  /** What the graph is made of, in order; empty once states were forgotten. */
  readonly segments: readonly Segment[];
  /** How nodes are reached; worked out when asked for. */
  readonly arrivals: Arrivals;
  /** A later version of the text has taken the nodes over: nothing may be read from here any more. */
  readonly isSuperseded: boolean;
}

/** Whether some architecture goes through the node. */
export function isLive(node: Node | undefined): node is Node {
  return node !== undefined && node.count > 0;
}

/** Whether the node is a layer of some architecture, and not a check that fails. */
export function isLayerInPlay(node: Node): node is LayerNode {
  return (
    node.kind === 'layer' &&
    node.count > 0 &&
    node.mergedInto === undefined &&
    node.instruction.fault === undefined
  );
}

/** Of nodes in order, the position of the first at or after an instruction; their number when there is none. */
export function firstAtOrAfter(order: readonly Node[], at: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
