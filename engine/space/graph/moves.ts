/**
 * Which tensor goes where between two nodes of a graph. States hold the types of tensors, not which tensor it
 * is; to follow tensors themselves, the moves on the way to the next node are run again and written down.
 */

import { EXCLUDED, applyKills, runSilently } from '../program/silent.ts';
import { setTensor } from '../program/slots.ts';
import type { Graph, Node } from './node.ts';

/** Pairs of registers, flat: to, from, to, from, ... in order. */
export type Moves = readonly number[];

const none: Moves = [];

export class MoveTable {
  private readonly graph: Graph;
  private readonly byNode: (Moves[] | undefined)[];

  constructor(graph: Graph) {
    this.graph = graph;
    this.byNode = new Array<Moves[] | undefined>(graph.order.length).fill(undefined);
  }

  /** Between `node` (once it has run, with `option` if it is a choice) and the node after it. */
  after(node: Node, option: number): Moves {
    const known = (this.byNode[node.index] ??= []);
    return (known[option] ??= this.trace(node, option));
  }

  private trace(node: Node, option: number): Moves {
    const { instructions, tensorRegisters } = this.graph.program;
    const instruction = instructions[node.at];
    if (
      instruction === undefined ||
      node.kind === 'end' ||
      node.kind === 'recall' ||
      node.mergedInto !== undefined
    ) {
      return none;
    }
    const registers = node.registers.slice();
    if (node.kind === 'draw') registers[node.slot.register] = option + 1;
    else if (node.outcome?.output !== undefined) {
      setTensor(registers, node.instruction.output.register, node.outcome.output.id, tensorRegisters);
    }
    applyKills(registers, instruction.kills, tensorRegisters);
    const next = node.kind === 'draw' ? node.children[option] : node.next;
    if (next === undefined) return none;
    const moves: number[] = [];
    let at = node.at + 1;
    while (at < next.at) {
      const silent = instructions[at];
      if (silent === undefined) break;
      if (silent.kind === 'move' && silent.from !== silent.to)
        moves.push(silent.to.register, silent.from.register);
      const following = runSilently(at, silent, registers, tensorRegisters);
      if (following === EXCLUDED) break;
      at = following;
    }
    return moves.length === 0 ? none : moves;
  }
}
