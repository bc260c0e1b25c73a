/**
 * The part of a graph that belongs to one piece of the program, for the states that arrive at the piece: its nodes
 * and the states in which they leave it. Where the ways go on is written into the nodes when the whole graph is put
 * together. A segment follows from its piece and the arriving states alone, so the next version of a text, in which
 * both are mostly the same, takes it over with its nodes.
 */

import type { PlacedPiece } from '../program/instructions.ts';
import { type HasState, sameRegisters } from './states.ts';
import type { DrawNode, LayerNode, Node } from './node.ts';

/** A state between two pieces: ways leave one segment in it and arrive at the next. */
export class ExitState implements HasState {
  readonly registers: number[];
  readonly hash: number;
  /** Position among the states of its place. */
  readonly index: number;

  constructor(registers: number[], hash: number, index: number) {
    this.registers = registers;
    this.hash = hash;
    this.index = index;
  }
}

/** Where a way leads: to a node, through an exit state at the end of the piece, or nowhere. */
export type Goal = Node | ExitState | undefined;

/** A way from a node out of the segment. */
export interface Leaving {
  readonly from: DrawNode | LayerNode;
  readonly option: number;
  readonly exit: ExitState;
}

export class Segment {
  /** See `PlacedPiece.stamp`. */
  readonly stamp: object;
  /** Where the piece starts. */
  start: number;
  readonly entries: readonly ExitState[];
  /** By entry. */
  readonly goals: Goal[] = [];
  /** In order. */
  nodes: readonly Node[] = [];
  /** By instruction of the piece. */
  buckets: readonly (readonly Node[] | undefined)[] = [];
  readonly leaving: Leaving[] = [];
  exits: readonly ExitState[] = [];
  /** Layers that fail, or of which something is to be said. */
  remarkable: readonly LayerNode[] = [];
  /** Steps of the walk that made it. */
  steps = 0;
  /** States at one instruction, at most. */
  most = 0;
  /** Nodes from which no architecture goes on, in the graph that has the segment now. */
  dead = 0;
  /** Every step can be taken again with the same result. */
  isWhole = false;

  constructor({ stamp, start }: PlacedPiece, entries: readonly ExitState[]) {
    this.stamp = stamp;
    this.start = start;
    this.entries = entries;
  }

  /** Whether it was made for these arriving states. */
  startsFrom(states: readonly ExitState[]): boolean {
    const { entries } = this;
    if (entries === states) return true;
    if (entries.length !== states.length) return false;
    for (let index = 0; index < states.length; index++) {
      const [own, other] = [entries[index], states[index]];
      if (own?.hash !== other?.hash || own === undefined || other === undefined) return false;
      if (own.registers.length !== other.registers.length) return false;
      if (!sameRegisters(own.registers, other.registers)) return false;
    }
    return true;
  }

  moveTo(start: number): void {
    const by = start - this.start;
    if (by === 0) return;
    this.start = start;
    for (const node of this.nodes) node.at += by;
  }

  /** Leads every way that leaves to where it goes on; gives where the entries lead. */
  connect(onward: readonly (Node | undefined)[]): readonly (Node | undefined)[] {
    for (const { from, option, exit } of this.leaving) {
      const next = onward[exit.index];
      if (from.kind === 'layer') from.next = next;
      else from.children[option] = next;
    }
    return this.goals.map((goal) => (goal instanceof ExitState ? onward[goal.index] : goal));
  }
}
