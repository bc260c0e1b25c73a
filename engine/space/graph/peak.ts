/**
 * Least and greatest peak of live tensor bytes over all architectures. The peak of an architecture is the
 * greatest sum, over its operators, of the tensors that exist while the operator runs: its inputs and output,
 * and every other tensor that something later still reads.
 *
 * A bottleneck path (the maximum along a path in place of the sum), computed backwards. What is needed later is
 * part of the state: for each node, the set of tensor registers that the rest of the way reads.
 */

import type { Decisions, PeakBounds, PeakMeasure } from '../types.ts';
import type { LayerNode, Graph, Node } from './node.ts';
import { isLive } from './node.ts';
import { asOp, shapesOf } from '../program/run-layer.ts';
import { TENSOR_RADIX, typeIn } from '../program/slots.ts';
import type { InternedOp, LayerInstruction } from '../program/instructions.ts';
import { MoveTable } from './moves.ts';
import type { Moves } from './moves.ts';

/** Registers that fit a bit mask. */
const MASK_BITS = 30;

/** One way on: its peak, and the decision that leads to it. */
interface Way {
  readonly peak: number;
  readonly choice: string | undefined;
  readonly option: number;
  readonly next: Way | undefined;
}

interface Needs {
  low: Way;
  high: Way;
}

/** By the set of registers that are read later. */
type States = Map<number, Needs>;

export function peakLiveBounds(graph: Graph, measure: PeakMeasure): PeakBounds {
  return new PeakPass(graph, measure).run();
}

class PeakPass {
  private readonly graph: Graph;
  private readonly measure: PeakMeasure;
  private readonly moves: MoveTable;
  private readonly states: (States | undefined)[];
  private readonly bytes = new Map<number, number>();
  private readonly scratch = new Map<InternedOp, number>();
  private greatest: number | undefined;
  /** Which tensors are alive beside an operator's own is known. */
  private readonly precise: boolean;

  constructor(graph: Graph, measure: PeakMeasure) {
    this.graph = graph;
    this.measure = measure;
    this.moves = new MoveTable(graph);
    this.states = new Array<States | undefined>(graph.order.length).fill(undefined);
    this.precise = graph.exact && graph.program.tensorRegisters <= MASK_BITS;
  }

  run(): PeakBounds {
    const { order, root } = this.graph;
    if (!isLive(root)) return { low: 0, high: 0, exact: false, leanest: undefined, largest: undefined };
    for (let index = order.length - 1; index >= 0; index--) {
      const node = order[index];
      if (isLive(node)) this.states[index] = this.at(node);
    }
    const states = this.states[root.index];
    let low: Way | undefined;
    let high: Way | undefined;
    for (const needs of states?.values() ?? []) {
      if (low === undefined || needs.low.peak < low.peak) low = needs.low;
      if (high === undefined || needs.high.peak > high.peak) high = needs.high;
    }
    return {
      low: low?.peak ?? 0,
      high: high?.peak ?? 0,
      exact: this.precise,
      leanest: this.precise ? decisionsOf(low) : undefined,
      largest: this.precise ? decisionsOf(high) : undefined,
    };
  }

  private at(node: Node): States {
    if (node.mergedInto !== undefined) return this.states[node.mergedInto.index] ?? new Map<number, Needs>();
    switch (node.kind) {
      case 'end':
        return this.atEnd(node);
      case 'layer':
        return this.atLayer(node);
      case 'draw':
      case 'recall': {
        const states: States = new Map();
        node.children.forEach((child, option) => {
          if (!isLive(child)) return;
          const choice = node.kind === 'draw' ? node.slot.choice.id : undefined;
          const moves = this.moves.after(node, option);
          for (const [mask, { low, high }] of this.states[child.index] ?? []) {
            const before = movedBack(mask, moves);
            include(states, before, way(low, choice, option), way(high, choice, option));
          }
        });
        return states;
      }
    }
  }

  private atEnd(node: Node): States {
    const instruction = this.graph.program.instructions[node.at];
    const outputs = instruction?.kind === 'end' ? instruction.outputs : [];
    const mask = this.precise ? outputs.reduce((set, slot) => set | (1 << slot.register), 0) : 0;
    const nothing: Way = { peak: 0, choice: undefined, option: 0, next: undefined };
    return new Map([[mask, { low: nothing, high: nothing }]]);
  }

  private atLayer(node: LayerNode): States {
    const states: States = new Map();
    const { next, instruction } = node;
    if (!isLive(next)) return states;
    const ops = node.outcome?.ops ?? [];
    const moves = this.moves.after(node, 0);
    const output = instruction.output.register;
    for (const [mask, { low, high }] of this.states[next.index] ?? []) {
      const after = this.precise ? movedBack(mask, moves) : 0;
      if (node.outcome?.output === undefined) {
        include(states, after, low, high);
        continue;
      }
      const kept = after & ~(1 << output);
      let before = kept;
      if (this.precise) for (const slot of instruction.inputs) before |= 1 << slot.register;
      const own = this.precise ? this.livePeak(node, ops, kept, before) : this.ownPeak(ops, instruction);
      const most = this.precise ? own : Math.max(own, this.everything(node, ops));
      include(states, before, peaking(low, own), peaking(high, most));
    }
    return states;
  }

  /** The most that is alive while the layer's operators run one after the other. */
  private livePeak(node: LayerNode, ops: readonly InternedOp[], kept: number, before: number): number {
    const keptBytes = this.maskBytes(node, kept);
    let peak = 0;
    ops.forEach((op, index) => {
      // The first operator's inputs are among the registers; those of the others are the output before.
      const held =
        index === 0 ? this.maskBytes(node, before) : keptBytes + this.typeBytes(op.inputs[0]?.id ?? 0);
      peak = Math.max(peak, held + this.typeBytes(op.output.id) + this.scratchOf(op, node.instruction));
    });
    return peak;
  }

  /** Inputs and output alone: a lower bound when it is not known what else is kept. */
  private ownPeak(ops: readonly InternedOp[], instruction: LayerInstruction): number {
    let peak = 0;
    for (const op of ops) {
      // The same tensor may come in twice, so only the largest input is certain.
      const input = Math.max(0, ...op.inputs.map((type) => this.typeBytes(type.id)));
      peak = Math.max(peak, input + this.typeBytes(op.output.id) + this.scratchOf(op, instruction));
    }
    return peak;
  }

  /** Every tensor register with its greatest contents: an upper bound. */
  private everything(node: LayerNode, ops: readonly InternedOp[]): number {
    const { tensorRegisters } = this.graph.program;
    let held = 0;
    for (let register = 0; register < tensorRegisters; register++) {
      if ((node.registers[register] ?? 0) < 0) held += this.greatestTensor();
      else held += this.typeBytes(typeIn(node.registers, register));
    }
    return ops.reduce(
      (peak, op) => Math.max(peak, held + this.largestOf(op) + this.scratchOf(op, node.instruction)),
      0,
    );
  }

  private largestOf(op: InternedOp): number {
    return this.typeBytes(op.output.id) + Math.max(0, ...op.inputs.map((type) => this.typeBytes(type.id)));
  }

  private greatestTensor(): number {
    if (this.greatest === undefined) {
      this.greatest = Math.max(...this.graph.program.inputs.map(({ id }) => this.typeBytes(id)));
      for (const node of this.graph.order) {
        if (node.kind !== 'layer') continue;
        for (const op of node.outcome?.ops ?? [])
          this.greatest = Math.max(this.greatest, this.typeBytes(op.output.id));
      }
    }
    return this.greatest;
  }

  private maskBytes(node: Node, mask: number): number {
    let total = 0;
    let counted = 0;
    for (let register = 0; register < this.graph.program.tensorRegisters; register++) {
      if ((mask & (1 << register)) === 0) continue;
      const representative = 1 << ((node.registers[register] ?? 0) % TENSOR_RADIX);
      if ((counted & representative) !== 0) continue;
      counted |= representative;
      total += this.typeBytes(typeIn(node.registers, register));
    }
    return total;
  }

  private typeBytes(id: number): number {
    if (id === 0) return 0;
    let bytes = this.bytes.get(id);
    if (bytes === undefined) {
      const { shape, dtype } = this.graph.program.types.get(id);
      bytes = this.measure.tensorBytes(shape, dtype);
      this.bytes.set(id, bytes);
    }
    return bytes;
  }

  private scratchOf(op: InternedOp, instruction: LayerInstruction): number {
    const { scratchBytes } = this.measure;
    if (scratchBytes === undefined) return 0;
    let bytes = this.scratch.get(op);
    if (bytes === undefined) {
      const inputs = op.inputs.map((_, index) => index);
      bytes = scratchBytes(
        asOp(op, instruction, 0, inputs, inputs.length),
        shapesOf(op.inputs),
        op.output.shape,
      );
      this.scratch.set(op, bytes);
    }
    return bytes;
  }
}

function way(next: Way, choice: string | undefined, option: number): Way {
  return { peak: next.peak, choice, option, next };
}

function peaking(next: Way, own: number): Way {
  return own <= next.peak ? next : { peak: own, choice: undefined, option: 0, next };
}

function include(states: States, mask: number, low: Way, high: Way): void {
  const known = states.get(mask);
  if (known === undefined) {
    states.set(mask, { low, high });
    return;
  }
  if (low.peak < known.low.peak) known.low = low;
  if (high.peak > known.high.peak) known.high = high;
}

/** The registers that hold, before the moves, what the registers of `mask` hold after them. */
function movedBack(mask: number, moves: Moves): number {
  let set = mask;
  for (let index = moves.length - 2; index >= 0; index -= 2) {
    const to = 1 << (moves[index] ?? 0);
    if ((set & to) === 0) continue;
    set = (set & ~to) | (1 << (moves[index + 1] ?? 0));
  }
  return set;
}

function decisionsOf(start: Way | undefined): Decisions {
  const decisions: Record<string, number> = {};
  for (let at = start; at !== undefined; at = at.next)
    if (at.choice !== undefined) decisions[at.choice] = at.option;
  return decisions;
}
