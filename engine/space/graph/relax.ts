/**
 * A graph of a space whose states are too many to tell apart: a relaxed decision diagram (Andersen, Hadzic, Hooker
 * and Tiedemann 2007; Bergman, Cire, van Hoeve and Hooker 2016). States that steer alike are merged, and a layer stands
 * for all that it can come to. Every architecture is a path, so that no bound leaves one out; with no condition left
 * open and no shape that does not fit, every path of decisions is an architecture as well, and the count is exact.
 */

import { type Effort, effortOf } from '../effort.ts';
import { hashNumbers } from '../numbers.ts';
import { lifetimes } from '../program/allocate.ts';
import type { Instruction, Program, SwitchInstruction, TestInstruction } from '../program/instructions.ts';
import { type ChoiceSlot, setTensor } from '../program/slots.ts';
import { BuiltGraph } from './built-graph.ts';
import { countPaths } from './count.ts';
import { extentsOf } from './extents.ts';
import { FORGOTTEN, chooseForgotten } from './forget.ts';
import { DrawNode, EndNode, type Graph, LayerNode, type Node, RecallNode } from './node.ts';
import {
  MOST_COMBINATIONS,
  RelaxedState,
  combinations,
  combinationsOf,
  hullIn,
  valuesOf,
} from './relaxed-state.ts';
import { Unbounded, relaxedOutcome } from './relaxed-layer.ts';
import { sameRegisters } from './states.ts';
import { setOf, shapesIn } from './tensor-sets.ts';

/** States at one instruction that are told apart. */
const WIDTH = 64;
/** A choice that steers is told apart up to so many options. */
const MOST_STEERING = 64;
/** States in the whole graph. */
const MOST_STATES = 60_000;

export interface RelaxOptions {
  /** Instead of {@link WIDTH}. */
  readonly width?: number;
  /** Combinations of a layer that are built one by one, instead of as many as pay. */
  readonly few?: number;
  readonly effort?: Effort | undefined;
}

interface Place {
  readonly node: DrawNode | EndNode | RecallNode;
  readonly state: RelaxedState;
}

/** `undefined` when something in the space cannot be bounded in this way either. */
export function relaxGraph(program: Program, options: RelaxOptions = {}): Graph | undefined {
  try {
    return new Relaxation(program, options).build();
  } catch (error) {
    if (error instanceof Unbounded) return undefined;
    throw error;
  }
}

class Relaxation {
  private readonly program: Program;
  private readonly width: number;
  private readonly few: number | undefined;
  private readonly effort: Effort | undefined;
  private readonly places: (Place[] | undefined)[];
  private readonly buckets: (Node[] | undefined)[];
  private readonly order: Node[] = [];
  private readonly steering: ReadonlySet<ChoiceSlot>;
  private readonly lives: ReturnType<typeof lifetimes>;
  private readonly remarkable: LayerNode[] = [];
  private isCounted = true;
  private states = 0;

  constructor(program: Program, { width = WIDTH, few, effort }: RelaxOptions) {
    this.effort = effort;
    this.program = program;
    this.width = width;
    this.few = few;
    const { length } = program.instructions;
    this.places = new Array<Place[] | undefined>(length).fill(undefined);
    this.buckets = new Array<Node[] | undefined>(length).fill(undefined);
    this.steering = steeringChoices(program.instructions);
    this.lives = lifetimes(program.pieces);
  }

  build(): Graph {
    const { program, order } = this;
    const state = new RelaxedState(new Array<number>(program.registers).fill(0));
    state.setTensor(program.current.register, setOf(program.input));
    const root = this.advance(0, state);
    for (let at = 0; at < this.places.length; at++) {
      const places = this.places[at];
      if (places === undefined) continue;
      if (places.length > this.width) this.forget(at, places);
      // What was merged away stands before what it was merged into.
      for (const { node } of places) if (node.mergedInto !== undefined) this.number(at, node);
      for (const place of places) if (place.node.mergedInto === undefined) this.visit(at, place);
    }
    countPaths(order);
    return new BuiltGraph({
      program,
      operators: program.operators,
      root,
      order,
      buckets: this.buckets,
      exact: false,
      isCounted: this.isCounted,
      isRelaxed: true,
      limit: this.width,
      doubtfulFrom: program.doubtfulFrom,
      remarkable: this.remarkable,
      segments: [],
    });
  }

  private number(at: number, node: Node): void {
    node.index = this.order.length;
    this.order.push(node);
    (this.buckets[at] ??= []).push(node);
  }

  private visit(at: number, { node, state }: Place): void {
    this.effort?.spend(effortOf.relaxed);
    this.number(at, node);
    const instruction = this.program.instructions[at];
    if (node.kind === 'draw') this.draw(at, node, state);
    else if (node.kind === 'recall' && instruction?.kind === 'layer') this.layer(at, node, state);
    else if (node.kind === 'recall' && (instruction?.kind === 'test' || instruction?.kind === 'switch'))
      this.fork(at, node, state, instruction);
  }

  private draw(at: number, node: DrawNode, state: RelaxedState): void {
    const { slot, children } = node;
    const { options } = slot.choice;
    const kills = this.program.instructions[at]?.kills;
    const isApart = this.steering.has(slot) && options.length <= MOST_STEERING;
    let shared: Node | undefined;
    for (let option = 0; option < options.length; option++) {
      if (!isApart && option > 0) {
        children.push(shared);
        continue;
      }
      const next = state.copy();
      next.registers[slot.register] = isApart ? option + 1 : FORGOTTEN;
      next.kill(kills);
      shared = this.advance(at + 1, next);
      children.push(shared);
    }
  }

  private layer(at: number, node: RecallNode, state: RelaxedState): void {
    const { program } = this;
    const instruction = program.instructions[at];
    if (instruction?.kind !== 'layer') return;
    const { outcomes, output, excludes, failure } = relaxedOutcome(program, instruction, state, this.few);
    if (excludes) this.isCounted = false;
    if (output === undefined) {
      const dead = new LayerNode(at, node.registers, node.hash, instruction);
      dead.outcome = { ops: [], output, failure, warning: undefined };
      dead.failed = true;
      node.children.push(dead);
      this.number(at, dead);
      this.remarkable.push(dead);
      return;
    }
    const next = state.copy();
    next.setTensor(instruction.output.register, output);
    next.kill(instruction.kills);
    const goal = this.advance(at + 1, next);
    for (const outcome of outcomes) {
      const layer = new LayerNode(at, node.registers, node.hash, instruction);
      layer.outcome = outcome;
      layer.next = goal;
      node.children.push(layer);
      this.number(at, layer);
      if (outcome.warning !== undefined) this.remarkable.push(layer);
    }
  }

  /** A condition that is not decided: both ways are gone. */
  private fork(
    at: number,
    node: RecallNode,
    state: RelaxedState,
    instruction: TestInstruction | SwitchInstruction,
  ): void {
    this.isCounted = false;
    const ways =
      instruction.kind === 'test'
        ? [
            { to: at + 1, kills: undefined },
            { to: at + instruction.offset, kills: instruction.jumpKills },
          ]
        : instruction.offsets.map((offset, option) => ({
            to: at + offset,
            kills: instruction.targetKills[option],
          }));
    for (const { to, kills } of ways) {
      const next = state.copy();
      next.kill(instruction.kills);
      next.kill(kills);
      const goal = this.advance(to, next);
      if (goal !== undefined) node.children.push(goal);
    }
  }

  /** Runs what has only one way on, and gives the node where a decision, a layer or the end comes. */
  private advance(start: number, state: RelaxedState): Node | undefined {
    const { program } = this;
    let at = start;
    for (;;) {
      const instruction = program.instructions[at];
      if (instruction === undefined) return undefined;
      let to = at + 1;
      switch (instruction.kind) {
        case 'end':
          this.tellOutputs(instruction, state);
          return this.intern(at, state, (hash) => new EndNode(at, state.registers, hash));
        case 'draw':
          if (state.registers[instruction.slot.register] === 0)
            return this.intern(
              at,
              state,
              (hash) => new DrawNode(at, state.registers, hash, instruction.slot),
            );
          break;
        case 'layer':
          if (instruction.fault === undefined)
            return this.intern(at, state, (hash) => new RecallNode(at, state.registers, hash));
          // Where a value does not exist there is no architecture; that it exists is more than there is.
          this.isCounted = false;
          break;
        case 'test': {
          const holds = this.outcomesOf(instruction, state);
          if (holds.size !== 1)
            return this.intern(at, state, (hash) => new RecallNode(at, state.registers, hash));
          if (!holds.has(true)) {
            to = at + instruction.offset;
            state.kill(instruction.jumpKills);
          }
          break;
        }
        case 'switch': {
          const chosen = state.registers[instruction.slot.register] ?? 0;
          if (chosen === FORGOTTEN)
            return this.intern(at, state, (hash) => new RecallNode(at, state.registers, hash));
          to = at + (instruction.offsets[chosen - 1] ?? 1);
          state.kill(instruction.targetKills[chosen - 1]);
          break;
        }
        case 'jump':
          to = at + instruction.offset;
          state.kill(instruction.jumpKills);
          break;
        case 'require': {
          const values = valuesOf(instruction.condition, state, program);
          if (values?.size === 1 && values.has(false)) return undefined;
          if (values === undefined || values.has(false)) this.isCounted = false;
          break;
        }
        case 'move':
          state.setTensor(instruction.to.register, state.tensors[instruction.from.register]);
          break;
        case 'capture': {
          const numbers = this.captured(instruction, state);
          if (numbers !== undefined) state.setNumber(instruction.slot.register, numbers);
          break;
        }
      }
      state.kill(instruction.kills);
      at = to;
    }
  }

  /** What is put out is known where it is one tensor, for those who compare it with the classes of the data. */
  private tellOutputs({ outputs }: Extract<Instruction, { kind: 'end' }>, state: RelaxedState): void {
    const { types, tensorRegisters } = this.program;
    for (const { register } of outputs) {
      const [variant, other] = state.tensors[register] ?? [];
      if (variant === undefined || other !== undefined) continue;
      const [shape, second] = shapesIn(variant);
      if (shape === undefined || second !== undefined) continue;
      state.registers[register] = 0;
      setTensor(state.registers, register, types.of(shape, variant.dtype).id, tensorRegisters);
    }
  }

  /** Whether a condition can hold, and whether it can fail to. */
  private outcomesOf({ reads, holds }: TestInstruction, state: RelaxedState): ReadonlySet<boolean> {
    const found = new Set<boolean>();
    if (combinationsOf(reads, state) > MOST_COMBINATIONS) return found;
    for (const registers of combinations(reads, state, this.program)) {
      found.add(holds(registers));
      if (found.size > 1) break;
    }
    return found;
  }

  private captured(
    { value }: Extract<Instruction, { kind: 'capture' }>,
    state: RelaxedState,
  ): ReturnType<typeof extentsOf> {
    const values = valuesOf(value, state, this.program);
    if (values === undefined) {
      const hull = hullIn(value, state);
      if (hull === undefined) throw new Unbounded();
      return { ...hull, values: undefined };
    }
    return extentsOf([...values].filter((each) => typeof each === 'number'));
  }

  private intern(
    at: number,
    state: RelaxedState,
    create: (hash: number) => DrawNode | EndNode | RecallNode,
  ): Node {
    const places = (this.places[at] ??= []);
    const hash = hashNumbers(state.registers);
    const known = places.find(
      ({ node }) => node.hash === hash && sameRegisters(node.registers, state.registers),
    );
    if (known !== undefined) {
      known.state.include(state);
      return known.node;
    }
    if (++this.states > MOST_STATES) throw new Unbounded();
    const node = create(hash);
    places.push({ node, state });
    return node;
  }

  /** Merges states by no longer telling options apart, those that are read last first. */
  private forget(at: number, places: Place[]): void {
    const { program } = this;
    const before = [...places];
    const registers = before.map(({ state }) => state.registers);
    const wanted = Math.max(1, this.width >> 2);
    // A choice that some of them have not drawn is to be drawn.
    const slots = chooseForgotten(program, this.lives, at, registers, wanted).filter(
      (slot) => slot.kind === 'choice' && registers.every((each) => (each[slot.register] ?? 0) !== 0),
    );
    for (const { node, state } of before) {
      const merged = state.copy();
      for (const { register } of slots) merged.registers[register] = FORGOTTEN;
      const into = this.advance(at, merged);
      if (into !== undefined && into !== node) node.mergedInto = into;
    }
  }
}

/** Choices that conditions and alternatives read: they decide which way is gone. */
function steeringChoices(instructions: readonly Instruction[]): ReadonlySet<ChoiceSlot> {
  const found = new Set<ChoiceSlot>();
  for (const { kind, reads } of instructions) {
    if (kind !== 'test' && kind !== 'switch' && kind !== 'require') continue;
    for (const slot of reads) if (slot.kind === 'choice') found.add(slot);
  }
  return found;
}
