/**
 * The quick way from decisions to what pricing needs: numbers of operators that have been priced before, and
 * the bytes and uses of tensors, in arrays that are filled again for each architecture.
 */

import type { Op, Shape } from './network.ts';
import type { Graph, Node } from './graph/node.ts';
import { MoveTable } from './graph/moves.ts';
import type { InternedOp, LayerInstruction } from './program/instructions.ts';
import { asOp, shapesOf } from './program/run-layer.ts';
import { runProgram } from './program/run.ts';
import { ElaboratedSpace } from './search-space.ts';
import { explain } from './lower.ts';
import type { Decisions, SearchSpace } from './types.ts';

/** One operator with its attributes and shapes. Equal operators anywhere in the space have the same id. */
export interface LoweredOp {
  readonly id: number;
  /** `index`, tensor ids, name and source are those of one place where it stands. */
  readonly op: Op;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** Filled again by every call of {@link Lowerer.lower}. Operator i puts out tensor i + 1; tensor 0 is the input. */
export interface FlatNetwork {
  /** Number of operators. */
  readonly count: number;
  /** By position: id of the operator. */
  readonly ops: Int32Array;
  /** By tensor, `count + 1` of them: bytes. */
  readonly bytes: Float64Array;
  /** The inputs of operator i are `inputs[inputStart[i] .. inputStart[i + 1] - 1]`. */
  readonly inputStart: Int32Array;
  readonly inputs: Int32Array;
  readonly outputs: readonly number[];
}

export interface Lowerer {
  /** The operator of an id that {@link lower} has given. */
  op(id: number): LoweredOp;
  /** Throws `RangeError` with a sentence when the decisions are not of the space. */
  lower(decisions: Decisions): FlatNetwork;
}

const FIRST_CAPACITY = 256;

/** For spaces made by `analyse`; throws `TypeError` for other implementations of {@link SearchSpace}. */
export function createLowerer(space: SearchSpace): Lowerer {
  if (!(space instanceof ElaboratedSpace))
    throw new TypeError('Only spaces made by analyse() can be lowered.');
  return new GraphLowerer(space.graph);
}

class GraphLowerer implements Lowerer {
  private readonly graph: Graph;
  private readonly moves: MoveTable;
  private readonly held: Int32Array;
  private readonly loweredOps: (LoweredOp | undefined)[] = [];
  private readonly firstPlace: (LayerInstruction | undefined)[] = [];
  private flat = {
    count: 0,
    ops: new Int32Array(FIRST_CAPACITY),
    bytes: new Float64Array(FIRST_CAPACITY + 1),
    inputStart: new Int32Array(FIRST_CAPACITY + 1),
    inputs: new Int32Array(FIRST_CAPACITY * 2),
    outputs: [0] as readonly number[],
  };

  constructor(graph: Graph) {
    this.graph = graph;
    this.moves = new MoveTable(graph);
    this.held = new Int32Array(Math.max(1, graph.program.tensorRegisters));
  }

  op(id: number): LoweredOp {
    const known = this.loweredOps[id];
    if (known !== undefined) return known;
    const interned = this.graph.operators.ops[id];
    const instruction = this.firstPlace[id];
    if (interned === undefined || instruction === undefined)
      throw new RangeError(`There is no operator ${id}.`);
    const inputs = interned.inputs.map((_, index) => index);
    const lowered: LoweredOp = {
      id,
      op: asOp(interned, instruction, 0, inputs, inputs.length),
      inputs: shapesOf(interned.inputs),
      output: interned.output.shape,
    };
    this.loweredOps[id] = lowered;
    return lowered;
  }

  lower(decisions: Decisions): FlatNetwork {
    this.flat.count = 0;
    this.flat.bytes[0] = this.graph.program.input.bytes;
    this.flat.inputStart[0] = 0;
    if (this.graph.exact) this.follow(decisions);
    else this.run(decisions);
    return this.flat;
  }

  private follow(decisions: Decisions): void {
    const { held } = this;
    held.fill(0);
    let node: Node | undefined = this.graph.root;
    while (node !== undefined) {
      let option = 0;
      let next: Node | undefined;
      if (node.kind === 'draw') {
        const chosen = decisions[node.slot.choice.id];
        if (chosen === undefined)
          throw new RangeError(`The choice \`${node.slot.choice.id}\` is not decided.`);
        option = chosen;
        next = node.children[chosen];
      } else if (node.kind === 'layer') {
        if (node.failed) break;
        this.layer(node.instruction, node.outcome?.ops ?? []);
        if (node.instruction.operator === 'input') this.flat.bytes[0] = node.outcome?.output?.bytes ?? 0;
        next = node.next;
      } else if (node.kind === 'end') {
        const end = this.graph.program.instructions[node.at];
        this.flat.outputs = end?.kind === 'end' ? end.outputs.map((slot) => held[slot.register] ?? 0) : [];
        return;
      }
      const moves = this.moves.after(node, option);
      for (let index = 0; index < moves.length; index += 2) {
        held[moves[index] ?? 0] = held[moves[index + 1] ?? 0] ?? 0;
      }
      node = next;
    }
    throw new RangeError(
      'The decisions are not of this space: a condition excludes them, or the shapes do not fit.',
    );
  }

  private layer(instruction: LayerInstruction, ops: readonly InternedOp[]): void {
    const { held } = this;
    let first = true;
    let output = 0;
    for (const op of ops) {
      if (first) {
        const start = this.startInputs(instruction.inputs.length);
        instruction.inputs.forEach(
          (slot, index) => (this.flat.inputs[start + index] = held[slot.register] ?? 0),
        );
        first = false;
      } else {
        const start = this.startInputs(1);
        this.flat.inputs[start] = output;
      }
      output = this.push(op, instruction);
    }
    if (!first) held[instruction.output.register] = output;
  }

  private startInputs(count: number): number {
    const { flat } = this;
    const start = flat.inputStart[flat.count] ?? 0;
    if (flat.count + 1 >= flat.ops.length || start + count >= flat.inputs.length) this.grow(count);
    this.flat.inputStart[this.flat.count + 1] = start + count;
    return start;
  }

  private push(op: InternedOp, instruction: LayerInstruction): number {
    const { flat } = this;
    flat.ops[flat.count] = op.id;
    flat.count++;
    flat.bytes[flat.count] = op.output.bytes;
    this.firstPlace[op.id] ??= instruction;
    return flat.count;
  }

  private grow(count: number): void {
    const { flat } = this;
    const size = flat.ops.length * 2;
    const ops = new Int32Array(size);
    const bytes = new Float64Array(size + 1);
    const inputStart = new Int32Array(size + 1);
    const inputs = new Int32Array(flat.inputs.length * 2 + count);
    ops.set(flat.ops);
    bytes.set(flat.bytes);
    inputStart.set(flat.inputStart);
    inputs.set(flat.inputs);
    this.flat = { ...flat, ops, bytes, inputStart, inputs };
  }

  /** Without a graph whose paths are architectures: step by step. */
  private run(decisions: Decisions): void {
    const result = runProgram(
      this.graph.program,
      this.graph.operators,
      this.graph.doubtfulFrom,
      (slot) => decisions[slot.choice.id],
      (op, instruction, inputs) => {
        const start = this.startInputs(inputs.length);
        inputs.forEach((input, index) => (this.flat.inputs[start + index] = input));
        this.push(op, instruction);
      },
    );
    if (result.kind !== 'done') throw new RangeError(explain(result));
    this.flat.bytes[0] = result.tensors[0]?.bytes ?? 0;
    this.flat.outputs = result.outputs;
  }
}
