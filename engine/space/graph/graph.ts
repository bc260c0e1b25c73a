/**
 * All architectures of a space at once: an acyclic graph whose paths from the root to the end are the
 * architectures, one path each. Two ways of deciding meet in one node as soon as nothing later can tell them
 * apart, so independent choices add nodes where they would multiply architectures.
 *
 * When more than a limit of states reach one instruction, the walk forgets registers: the node then stands for
 * several states, and where a forgotten register is read again, every value it may have is followed. Every
 * architecture is still a path, but not every path an architecture: bounds stay sound and stop being exact.
 */

import type { Instruction, Program } from '../program/instructions.ts';
import type { OperatorTable } from '../program/run-layer.ts';
import { EXCLUDED, applyKills, runSilently } from '../program/silent.ts';
import { releaseTensor, setTensor, typeIn } from '../program/slots.ts';
import type { Registers, Slot } from '../program/slots.ts';
import { countPaths, totalPaths } from './count.ts';
import { FORGOTTEN, chooseForgotten } from './forget.ts';
import type { ForgottenValues } from './forget.ts';
import { DrawNode, EndNode, LayerNode, RecallNode } from './node.ts';
import type { Graph, Node } from './node.ts';
import type { Choice } from '../types.ts';

/** Joint states at one instruction up to which counts and bounds are exact in a space of up to {@link LARGE} stops. */
export const STATE_LIMIT = 256;
/** Layers and choices, repetitions and uses counted one by one, beyond which a keystroke has to cost less. */
const LARGE = 2000;
const STATE_LIMIT_OF_LARGE = 32;
/** States in the whole graph; as long as there are fewer, more may meet at one place. */
const GRAPH_LIMIT = 200_000;
const MOST_STATES = 8192;
/** Steps of the walk after which {@link STATE_LIMIT_OF_LARGE} applies to every space. */
const STEPS_IN_DETAIL = 150_000;
/** Steps after which nothing can be said within a second, e.g. a choice of 4096 values after another. */
export const MOST_STEPS = 400_000;

/** The choices of a space have so many joint states that they cannot be followed while a person types. */
export class TooManyStates extends RangeError {
  /** The choice with most options. */
  readonly choice: Choice | undefined;
  constructor(choice: Choice | undefined) {
    super('The choices of the space have too many joint states.');
    this.choice = choice;
  }
}

/**
 * `limit` replaces the greatest number of states at one instruction, for tests. Throws {@link TooManyStates}.
 */
export function buildGraph(program: Program, limit?: number): Graph {
  return new GraphBuilder(program, limit).build();
}

/** Up to so many states, looking at each is quicker than a table. */
const SCANNED_STATES = 16;

class Bucket {
  nodes: Node[] = [];
  private byHash: Map<number, Node> | undefined;

  find(hash: number, registers: Registers): Node | undefined {
    if (this.nodes.length > SCANNED_STATES && this.byHash === undefined) {
      this.byHash = new Map(this.nodes.map((node) => [node.hash, node]));
    }
    if (this.byHash !== undefined) {
      const node = this.byHash.get(hash);
      if (node === undefined) return undefined;
      if (sameRegisters(node.registers, registers)) return node;
    }
    for (const node of this.nodes) {
      if (node.hash === hash && sameRegisters(node.registers, registers)) return node;
    }
    return undefined;
  }

  add(node: Node): void {
    this.nodes.push(node);
    this.byHash?.set(node.hash, node);
  }
}

function sameRegisters(left: Registers, right: Registers): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** Multiplicative hashing with the golden ratio (Knuth, TAOCP 3, 6.4). */
function hashRegisters(registers: Registers): number {
  let hash = 0;
  for (let index = 0; index < registers.length; index++) {
    hash = Math.imul(hash ^ (registers[index] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/**
 * A class, not a literal with a getter: the engine keeps the closure of such a getter in the literal's hidden
 * class, which lives until the next full garbage collection, and with it every graph of every keystroke.
 */
class CountedGraph implements Graph {
  readonly program: Program;
  readonly operators: OperatorTable;
  readonly root: Node | undefined;
  readonly order: readonly Node[];
  readonly buckets: readonly (readonly Node[] | undefined)[];
  readonly exact: boolean;
  readonly limit: number;
  readonly doubtfulFrom: number;
  private counted: bigint | undefined = undefined;

  constructor(parts: Omit<Graph, 'total'>) {
    this.program = parts.program;
    this.operators = parts.operators;
    this.root = parts.root;
    this.order = parts.order;
    this.buckets = parts.buckets;
    this.exact = parts.exact;
    this.limit = parts.limit;
    this.doubtfulFrom = parts.doubtfulFrom;
  }

  /** Large integers for every node cost more than the rest; most analyses never ask. */
  get total(): bigint {
    return (this.counted ??= totalPaths(this.order, this.root));
  }
}

class GraphBuilder {
  private readonly program: Program;
  private readonly operators: OperatorTable;
  private readonly buckets: (Bucket | undefined)[];
  private readonly order: Node[] = [];
  private readonly limit: number;
  private readonly forgotten: ForgottenValues = new Map();
  /** The state being worked on; {@link intern} keeps a copy of what is new. */
  private readonly scratch: Registers;
  private steps = 0;
  /** A step copies every register. */
  private readonly stepCost: number;
  private exact = true;
  private doubtfulFrom: number;

  constructor(program: Program, limit: number | undefined) {
    this.program = program;
    this.operators = program.operators;
    this.buckets = new Array<Bucket | undefined>(program.instructions.length).fill(undefined);
    this.doubtfulFrom = program.doubtfulFrom;
    this.stepCost = 1 + (program.registers >> 4);
    this.scratch = new Array<number>(program.registers).fill(0);
    const stops = program.instructions.reduce(
      (count, { kind }) => count + (kind === 'draw' || kind === 'layer' ? 1 : 0),
      1,
    );
    this.limit =
      limit ??
      Math.min(
        MOST_STATES,
        Math.max(stops <= LARGE ? STATE_LIMIT : STATE_LIMIT_OF_LARGE, Math.floor(GRAPH_LIMIT / stops)),
      );
  }

  build(): Graph {
    const { program } = this;
    const registers = this.scratch;
    setTensor(registers, program.current.register, program.input.id, program.tensorRegisters);
    const root = this.advance(0, registers);
    if (root !== undefined) {
      root.clean = true;
      root.earliest = -1;
    }
    for (let at = 0; at < this.buckets.length; at++) {
      const bucket = this.buckets[at];
      if (bucket === undefined) continue;
      const limit = this.steps < STEPS_IN_DETAIL ? this.limit : Math.min(this.limit, STATE_LIMIT_OF_LARGE);
      if (bucket.nodes.length > limit) this.forget(at, bucket, limit);
      if (this.exact) for (const node of bucket.nodes) this.visit(node);
      else this.visitAfterForgetting(at, bucket);
    }
    const { order } = this;
    countPaths(order);
    return new CountedGraph({
      program,
      operators: this.operators,
      root,
      order,
      buckets: this.buckets.map((bucket) => bucket?.nodes),
      exact: this.exact,
      limit: this.limit,
      doubtfulFrom: this.doubtfulFrom,
    });
  }

  private visit(node: Node): void {
    node.index = this.order.length;
    this.order.push(node);
    this.expand(node);
  }

  /** Every node before those it leads to, although recalling leads from a node to others at the same place. */
  private visitAfterForgetting(at: number, bucket: Bucket): void {
    for (const node of bucket.nodes) if (node.mergedInto !== undefined) this.visit(node);
    const reads = this.program.instructions[at]?.reads ?? [];
    for (let missing = reads.length; missing >= 0; missing--) {
      // Recalling one register leads to nodes that miss one fewer.
      for (const node of bucket.nodes) {
        if (node.mergedInto !== undefined) continue;
        const forgotten = reads.filter((slot) => (node.registers[slot.register] ?? 0) < 0).length;
        if (forgotten === missing) this.visit(node);
      }
    }
  }

  /** Replaces the states at `at` by fewer that stand for several each. */
  private forget(at: number, bucket: Bucket, limit: number): void {
    const { program } = this;
    const before = bucket.nodes.slice();
    const wanted = Math.max(1, limit >> 2);
    const slots = chooseForgotten(
      program,
      at,
      before.map((node) => node.registers),
      wanted,
    );
    if (slots.length === 0) return;
    this.exact = false;
    for (const slot of slots) {
      const values = this.forgotten.get(slot) ?? new Set<number>();
      for (const { registers } of before) {
        const value =
          slot.kind === 'tensor' ? typeIn(registers, slot.register) : (registers[slot.register] ?? 0);
        if (value !== FORGOTTEN) values.add(value);
      }
      this.forgotten.set(slot, values);
    }
    for (const node of before) {
      const registers = this.copy(node.registers);
      for (const slot of slots) {
        if (slot.kind === 'tensor') releaseTensor(registers, slot.register, program.tensorRegisters);
        registers[slot.register] = FORGOTTEN;
      }
      const merged = this.advance(at, registers);
      // What was forgotten before stays as it is.
      if (merged === undefined || merged === node) continue;
      node.mergedInto = merged;
      this.link(node, merged, -1);
    }
  }

  private expand(node: Node): void {
    const { program } = this;
    const { at } = node;
    if (node.mergedInto !== undefined) return;
    if (node.kind === 'recall') {
      const slot = this.forgottenRead(at, node.registers);
      if (slot === undefined) return;
      for (const value of this.forgotten.get(slot) ?? []) {
        const registers = this.copy(node.registers);
        if (slot.kind !== 'tensor') registers[slot.register] = value;
        else {
          registers[slot.register] = 0;
          if (value > 0) setTensor(registers, slot.register, value, program.tensorRegisters);
        }
        const reached = this.advance(at, registers);
        const child = reached?.mergedInto ?? reached;
        if (child === undefined) continue;
        node.children.push(child);
        this.link(node, child, -1);
      }
      return;
    }
    if (node.kind === 'draw') {
      const { slot, children } = node;
      const kills = program.instructions[at]?.kills;
      for (let option = 0; option < slot.choice.options.length; option++) {
        const registers = this.copy(node.registers);
        registers[slot.register] = option + 1;
        applyKills(registers, kills, program.tensorRegisters);
        const child = this.advance(at + 1, registers);
        children.push(child);
        if (child !== undefined) this.link(node, child, option);
      }
    } else if (node.kind === 'layer') {
      const { instruction } = node;
      const outcome = this.operators.run(instruction, node.registers);
      const registers = this.copy(node.registers);
      node.outcome = outcome;
      if (outcome.output !== undefined) {
        setTensor(registers, instruction.output.register, outcome.output.id, program.tensorRegisters);
      } else if (outcome.failure === undefined) {
        this.doubtfulFrom = Math.min(this.doubtfulFrom, at);
      } else {
        node.failed = at < this.doubtfulFrom;
      }
      applyKills(registers, instruction.kills, program.tensorRegisters);
      node.next = this.advance(at + 1, registers);
      if (node.next !== undefined) this.link(node, node.next, 0);
    }
  }

  private copy(registers: Registers): Registers {
    const { scratch } = this;
    for (let index = 0; index < scratch.length; index++) scratch[index] = registers[index] ?? 0;
    return scratch;
  }

  private link(from: Node, to: Node, option: number): void {
    const failed = from.kind === 'layer' && from.failed;
    const clean = from.clean && !failed;
    if (!failed) to.earliest = Math.min(to.earliest, from.at);
    if (to.parent === undefined || (clean && !to.clean)) {
      to.parent = from;
      to.parentOption = option;
      to.clean = clean;
    }
  }

  /** Runs what has only one way on, and gives the node where a decision, a layer or the end comes. */
  private advance(start: number, registers: Registers): Node | undefined {
    const { instructions } = this.program;
    this.steps += this.stepCost;
    if (this.steps > MOST_STEPS) throw new TooManyStates(this.widestChoice());
    let at = start;
    for (;;) {
      const instruction = instructions[at];
      if (instruction === undefined) return undefined;
      if (this.forgottenRead(at, registers) !== undefined) return this.intern(at, undefined, registers);
      if (instruction.kind === 'end' || instruction.kind === 'layer')
        return this.intern(at, instruction, registers);
      if (instruction.kind === 'draw' && registers[instruction.slot.register] === 0) {
        return this.intern(at, instruction, registers);
      }
      const next = runSilently(at, instruction, registers, this.program.tensorRegisters);
      if (next === EXCLUDED) return undefined;
      at = next;
    }
  }

  private widestChoice(): Choice | undefined {
    let widest: Choice | undefined;
    for (const choice of this.program.choices)
      if (choice.options.length > (widest?.options.length ?? 0)) widest = choice;
    return widest;
  }

  /** A slot that the instruction reads and whose value has been forgotten. */
  private forgottenRead(at: number, registers: Registers): Slot | undefined {
    if (this.exact) return undefined;
    return this.program.instructions[at]?.reads.find((slot) => (registers[slot.register] ?? 0) < 0);
  }

  /** The node of a state; `instruction` is undefined where a forgotten register has to be recalled first. */
  private intern(at: number, instruction: Instruction | undefined, registers: Registers): Node {
    const bucket = (this.buckets[at] ??= new Bucket());
    const hash = hashRegisters(registers);
    const known = bucket.find(hash, registers);
    if (known !== undefined) return known;
    const kept = registers.slice();
    const node: Node =
      instruction === undefined
        ? new RecallNode(at, kept, hash)
        : instruction.kind === 'draw'
          ? new DrawNode(at, kept, hash, instruction.slot)
          : instruction.kind === 'layer'
            ? new LayerNode(at, kept, hash, instruction)
            : new EndNode(at, kept, hash);
    bucket.add(node);
    return node;
  }
}
