/**
 * All architectures of a space at once, as a decision diagram (Bergman, Cire, van Hoeve and Hooker 2016): an acyclic
 * graph whose paths from the root to the end are the architectures, one path each. Two ways of deciding meet in one node
 * as soon as nothing later can tell them apart, so independent choices add nodes where they would multiply architectures.
 *
 * When more than a limit of states reach one instruction, the diagram is relaxed: the walk forgets registers, so that a
 * node stands for several states, and where a forgotten register is read again, every value it may have is followed. Every
 * architecture is still a path, but not every path an architecture: bounds stay sound and stop being exact.
 */

import { type Effort, effortOf } from '../effort.ts';
import { hashNumbers } from '../numbers.ts';
import { lifetimes, type Lifetimes } from '../program/allocate.ts';
import { type Instruction, isPassedCheck, type PlacedPiece, type Program } from '../program/instructions.ts';
import type { OperatorTable } from '../program/run-layer.ts';
import { EXCLUDED, applyKills, runSilently } from '../program/silent.ts';
import { type Registers, releaseTensor, setTensor, type Slot, typeIn } from '../program/slots.ts';
import { BuiltGraph } from './built-graph.ts';
import { countPaths } from './count.ts';
import { chooseForgotten, FORGOTTEN, type ForgottenValues, isBeyondRecall } from './forget.ts';
import { DrawNode, EndNode, type Graph, LayerNode, type Node, RecallNode } from './node.ts';
import { States } from './states.ts';
import { ExitState, type Goal, type Leaving, Segment } from './segment.ts';
import type { Steps } from '../steps.ts';
import { MOST_STEPS, TooManyStates } from './too-many-states.ts';

/** Joint states at one instruction up to which counts and bounds are exact in a space of up to {@link LARGE} stops. */
const STATE_LIMIT = 256;
/** Layers and choices, repetitions and uses counted one by one, beyond which a keystroke has to cost less. */
const LARGE = 2000;
const STATE_LIMIT_OF_LARGE = 32;
/** States in the whole graph; as long as there are fewer, more may meet at one place. */
const GRAPH_LIMIT = 200_000;
const MOST_STATES = 8192;
/** Steps of the walk after which {@link STATE_LIMIT_OF_LARGE} applies to every space. */
const STEPS_IN_DETAIL = 150_000;

/** Throws {@link TooManyStates}. */
export class GraphBuilder {
  private readonly program: Program;
  private readonly operators: OperatorTable;
  private readonly effort: Effort | undefined;
  /** Of the version before, by the stamps of their pieces. */
  private readonly before = new Map<object, Segment>();
  private readonly states: (States<Node> | undefined)[];
  private readonly buckets: (readonly Node[] | undefined)[];
  private readonly order: Node[];
  /** Nodes in {@link order}; what stands behind them is of the version before. */
  private numbered = 0;
  private readonly limit: number;
  private readonly forgotten: ForgottenValues = new Map();
  /** The state being worked on; {@link intern} keeps a copy of what is new. */
  private readonly scratch: Registers;
  private steps = 0;
  /** A step copies every register. */
  private readonly stepCost: number;
  private exact = true;
  private doubtfulFrom: number;
  /** Piece by piece, as long as nothing has been forgotten. */
  private readonly segments: Segment[] = [];
  /** Where the ways of the segment at hand leave it, and the states in which they do. */
  private end = Infinity;
  private exits = new States<ExitState>();
  private leaving: Leaving[] = [];
  private readonly remarkable: LayerNode[] = [];
  private root: Node | undefined;
  private lives: Lifetimes | undefined;

  constructor(
    program: Program,
    limit: number | undefined,
    before: BuiltGraph | undefined,
    effort: Effort | undefined,
  ) {
    this.effort = effort;
    this.program = program;
    this.operators = program.operators;
    this.order = before?.order ?? [];
    for (const segment of before?.segments ?? []) this.before.set(segment.stamp, segment);
    const length = program.instructions.length;
    this.states = new Array<States<Node> | undefined>(length).fill(undefined);
    this.buckets = new Array<readonly Node[] | undefined>(length).fill(undefined);
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

  /** A step for each piece of the program. */
  *build(): Steps<Graph> {
    const { program, order, scratch } = this;
    setTensor(scratch, program.current.register, program.input.id, program.tensorRegisters);
    let arriving: readonly ExitState[] = [new ExitState(scratch.slice(), hashNumbers(scratch), 0)];
    for (const piece of program.pieces) {
      yield;
      if (!this.exact) this.visitBetween(piece.start, piece.end);
      else arriving = (this.kept(piece, arriving) ?? this.write(piece, arriving)).exits;
    }
    if (this.exact) this.connect([]);
    order.length = this.numbered;
    if (!this.exact) countPaths(order);
    else {
      for (let at = this.segments.length - 1; at >= 0; at--) {
        const segment = this.segments[at];
        if (segment !== undefined) segment.dead = countPaths(segment.nodes);
      }
    }
    return new BuiltGraph({
      program,
      operators: this.operators,
      root: this.root,
      order,
      buckets: this.buckets,
      exact: this.exact,
      isCounted: this.exact,
      isRelaxed: false,
      limit: this.limit,
      doubtfulFrom: this.doubtfulFrom,
      remarkable: this.remarkable,
      segments: this.exact ? this.segments : [],
    });
  }

  /** The segment of the version before, if building it again would give the same. */
  private kept(piece: PlacedPiece, arriving: readonly ExitState[]): Segment | undefined {
    const known = this.before.get(piece.stamp);
    if (known?.isWhole !== true || this.doubtfulFrom !== Infinity || !known.startsFrom(arriving))
      return undefined;
    const steps = this.steps + known.steps;
    if (steps > MOST_STEPS || known.most > this.limit) return undefined;
    if (steps >= STEPS_IN_DETAIL && known.most > STATE_LIMIT_OF_LARGE) return undefined;
    this.steps = steps;
    known.moveTo(piece.start);
    for (const node of known.nodes) this.number(node);
    for (const node of known.remarkable) this.remarkable.push(node);
    known.buckets.forEach((bucket, at) => (this.buckets[piece.start + at] = bucket));
    this.segments.push(known);
    return known;
  }

  private write(piece: PlacedPiece, arriving: readonly ExitState[]): Segment {
    const segment = new Segment(piece, arriving);
    const [steps, nodes, remarkable] = [this.steps, this.numbered, this.remarkable.length];
    this.end = piece.end;
    this.exits = new States();
    this.leaving = segment.leaving;
    this.segments.push(segment);
    for (const { registers } of arriving) segment.goals.push(this.advance(piece.start, this.copy(registers)));
    segment.exits = this.exits.list;
    this.visitBetween(piece.start, piece.end);
    if (!this.exact) return segment;
    segment.nodes = this.order.slice(nodes, this.numbered);
    segment.remarkable = this.remarkable.slice(remarkable);
    segment.buckets = this.buckets.slice(piece.start, piece.end);
    segment.most = segment.buckets.reduce((most, bucket) => Math.max(most, bucket?.length ?? 0), 0);
    segment.steps = this.steps - steps;
    segment.isWhole = this.doubtfulFrom === Infinity;
    return segment;
  }

  private visitBetween(start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const states = this.states[at];
      if (states === undefined) continue;
      this.buckets[at] = states.list;
      const limit = this.steps < STEPS_IN_DETAIL ? this.limit : Math.min(this.limit, STATE_LIMIT_OF_LARGE);
      if (states.list.length > limit) this.forget(at, states, limit);
      this.foresee(states.list);
      if (this.exact) states.list.forEach((node) => this.visit(node));
      else this.visitAfterForgetting(at, states.list);
    }
  }

  /** The steps that the decisions here will take are known before they are taken. */
  private foresee(nodes: readonly Node[]): void {
    let draws = 0;
    // By index: iterators would be most of what a cold walk allocates.
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index];
      if (node?.kind === 'draw' && node.mergedInto === undefined) draws += node.slot.choice.options.length;
    }
    if (this.steps + draws * this.stepCost > MOST_STEPS) throw new TooManyStates(this.program.choices);
    this.effort?.spend((nodes.length + draws) * this.stepCost * effortOf.step);
  }

  /** Leads all ways on, from what follows the last segment back to the root. */
  private connect(last: readonly (Node | undefined)[]): void {
    let onward = last;
    for (let index = this.segments.length - 1; index >= 0; index--)
      onward = this.segments[index]?.connect(onward) ?? onward;
    [this.root] = onward;
  }

  /** From here on states are forgotten, so that what comes later no longer falls into segments. */
  private open(): void {
    const start = this.end;
    this.end = Infinity;
    this.connect(
      this.exits.list.map(({ registers }) => {
        const goal = this.advance(start, this.copy(registers));
        return goal instanceof ExitState ? undefined : goal;
      }),
    );
    this.exact = false;
  }

  private visit(node: Node): void {
    this.number(node);
    this.expand(node);
  }

  private number(node: Node): void {
    node.index = this.numbered;
    this.order[this.numbered++] = node;
  }

  /** Every node before those it leads to, although recalling leads from a node to others at the same place. */
  private visitAfterForgetting(at: number, bucket: readonly Node[]): void {
    for (const node of bucket) if (node.mergedInto !== undefined) this.visit(node);
    const reads = this.program.instructions[at]?.reads ?? [];
    for (let missing = reads.length; missing >= 0; missing--) {
      // Recalling one register leads to nodes that miss one fewer.
      for (const node of bucket) {
        if (node.mergedInto !== undefined) continue;
        const forgotten = reads.filter((slot) => (node.registers[slot.register] ?? 0) < 0).length;
        if (forgotten === missing) this.visit(node);
      }
    }
  }

  /** Replaces the states at `at` by fewer that stand for several each. */
  private forget(at: number, states: States<Node>, limit: number): void {
    const { program } = this;
    const before = states.list.slice();
    const wanted = Math.max(1, limit >> 2);
    const slots = chooseForgotten(
      program,
      (this.lives ??= lifetimes(program.pieces)),
      at,
      before.map((node) => node.registers),
      wanted,
    );
    if (slots.length === 0) return;
    if (this.exact) this.open();
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
      if (merged === undefined || merged instanceof ExitState || merged === node) continue;
      node.mergedInto = merged;
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
        if (reached === undefined || reached instanceof ExitState) continue;
        node.children.push(reached.mergedInto ?? reached);
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
        children.push(this.arrive(node, option, this.advance(at + 1, registers)));
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
      if (outcome.failure !== undefined || outcome.warning !== undefined) this.remarkable.push(node);
      applyKills(registers, instruction.kills, program.tensorRegisters);
      node.next = this.arrive(node, 0, this.advance(at + 1, registers));
    }
  }

  private copy(registers: Registers): Registers {
    const { scratch } = this;
    for (let index = 0; index < scratch.length; index++) scratch[index] = registers[index] ?? 0;
    return scratch;
  }

  /** The node that a way leads to; unknown yet when it leaves the segment. */
  private arrive(from: DrawNode | LayerNode, option: number, goal: Goal): Node | undefined {
    if (!(goal instanceof ExitState)) return goal;
    this.leaving.push({ from, option, exit: goal });
    return undefined;
  }

  /** Runs what has only one way on, and gives the node where a decision, a layer or the end comes. */
  private advance(start: number, registers: Registers): Goal {
    const { instructions } = this.program;
    this.steps += this.stepCost;
    if (this.steps > MOST_STEPS) throw new TooManyStates(this.program.choices);
    let at = start;
    for (;;) {
      if (at >= this.end) return this.leave(registers);
      const instruction = instructions[at];
      if (instruction === undefined) return undefined;
      if (instruction.kind === 'require' && isBeyondRecall(instruction, registers, this.forgotten)) {
        applyKills(registers, instruction.kills, this.program.tensorRegisters);
        at++;
        continue;
      }
      if (this.forgottenRead(at, registers) !== undefined) return this.intern(at, undefined, registers);
      if (
        instruction.kind === 'end' ||
        (instruction.kind === 'layer' && !isPassedCheck(instruction, registers))
      )
        return this.intern(at, instruction, registers);
      if (instruction.kind === 'draw' && registers[instruction.slot.register] === 0) {
        return this.intern(at, instruction, registers);
      }
      const next = runSilently(at, instruction, registers, this.program.tensorRegisters);
      if (next === EXCLUDED) return undefined;
      at = next;
    }
  }

  /** A slot that the instruction reads and whose value has been forgotten. */
  private forgottenRead(at: number, registers: Registers): Slot | undefined {
    if (this.exact) return undefined;
    return this.program.instructions[at]?.reads.find((slot) => (registers[slot.register] ?? 0) < 0);
  }

  private leave(registers: Registers): ExitState {
    const hash = hashNumbers(registers);
    const known = this.exits.find(hash, registers);
    if (known !== undefined) return known;
    const exit = new ExitState(registers.slice(), hash, this.exits.list.length);
    this.exits.add(exit);
    return exit;
  }

  /** The node of a state; `instruction` is undefined where a forgotten register has to be recalled first. */
  private intern(at: number, instruction: Instruction | undefined, registers: Registers): Node {
    const states = (this.states[at] ??= new States());
    const hash = hashNumbers(registers);
    const known = states.find(hash, registers);
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
    states.add(node);
    return node;
  }
}
