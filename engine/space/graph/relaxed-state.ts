/**
 * A state of a walk that stands for many: choices that steer are known one by one, every other choice may have any of
 * its options, and tensors and captured numbers are sets. States that steer alike are one, with the union of the sets.
 */

import type { Compiled } from '../program/compile.ts';
import type { Hull } from '../program/hulls.ts';
import type { Kills, Program } from '../program/instructions.ts';
import { type Registers, setTensor, type Slot } from '../program/slots.ts';
import type { Value } from '../../operators/values.ts';
import { type Extents, union } from './extents.ts';
import { FORGOTTEN } from './forget.ts';
import { countOf, shapesIn, type TensorSet, unionOf } from './tensor-sets.ts';

/** Combinations of values that are looked at to see what an expression or a layer can come to. */
export const MOST_COMBINATIONS = 4096;
/** The same for expressions, which are worked out much more quickly. */
const MOST_EVALUATIONS = 65_536;

export class RelaxedState {
  /** Options as elsewhere; {@link FORGOTTEN} for a choice that may have any, and for what is in one of the sets. */
  readonly registers: Registers;
  readonly tensors: (TensorSet | undefined)[];
  readonly numbers: (Extents | undefined)[];

  constructor(
    registers: Registers,
    tensors: (TensorSet | undefined)[] = [],
    numbers: (Extents | undefined)[] = [],
  ) {
    this.registers = registers;
    this.tensors = tensors;
    this.numbers = numbers;
  }

  copy(): RelaxedState {
    return new RelaxedState(this.registers.slice(), this.tensors.slice(), this.numbers.slice());
  }

  setTensor(register: number, set: TensorSet | undefined): void {
    this.tensors[register] = set;
    this.registers[register] = set === undefined ? 0 : FORGOTTEN;
  }

  setNumber(register: number, set: Extents): void {
    this.numbers[register] = set;
    this.registers[register] = FORGOTTEN;
  }

  kill(kills: Kills | undefined): void {
    for (const list of [kills?.plain, kills?.tensors]) {
      for (const register of list ?? []) {
        this.registers[register] = 0;
        this.tensors[register] = undefined;
        this.numbers[register] = undefined;
      }
    }
  }

  /** Takes in another that steers alike. */
  include(other: RelaxedState): void {
    other.tensors.forEach((set, register) => {
      const own = this.tensors[register];
      if (set !== undefined) this.tensors[register] = own === undefined ? set : unionOf(own, set);
    });
    other.numbers.forEach((set, register) => {
      const own = this.numbers[register];
      if (set !== undefined) this.numbers[register] = own === undefined ? set : union(own, set);
    });
  }
}

/** How many values a slot may have; infinite where they are not listed. */
function countIn(slot: Slot, state: RelaxedState): number {
  if ((state.registers[slot.register] ?? 0) !== FORGOTTEN) return 1;
  if (slot.kind === 'choice') return slot.choice.options.length;
  if (slot.kind === 'tensor') return countOf(state.tensors[slot.register] ?? []);
  return state.numbers[slot.register]?.values?.length ?? Infinity;
}

export function combinationsOf(slots: readonly Slot[], state: RelaxedState): number {
  return slots.reduce((product, slot) => product * countIn(slot, state), 1);
}

/**
 * Registers as a walk that stands for nothing else would have them, for each combination of what the slots may hold;
 * `undefined` when there are more than {@link MOST_COMBINATIONS}. The array is the same every time.
 */
export function* combinations(
  slots: readonly Slot[],
  state: RelaxedState,
  program: Program,
): Generator<Registers> {
  const registers = state.registers.map((value) => (value === FORGOTTEN ? 0 : value));
  yield* from(0);

  function* from(index: number): Generator<Registers> {
    const slot = slots[index];
    if (slot === undefined) {
      yield registers;
      return;
    }
    const { register } = slot;
    if (state.registers[register] !== FORGOTTEN) {
      yield* from(index + 1);
      return;
    }
    for (const value of valuesIn(slot, state, program)) {
      if (slot.kind === 'tensor') setTensor(registers, register, value, program.tensorRegisters);
      else registers[register] = value;
      yield* from(index + 1);
    }
    registers[register] = 0;
  }
}

/** What a register may hold; for a tensor the number of its type. */
function* valuesIn(slot: Slot, state: RelaxedState, { types }: Program): Generator<number> {
  if (slot.kind === 'choice') {
    for (let option = 1; option <= slot.choice.options.length; option++) yield option;
  } else if (slot.kind === 'capture') yield* state.numbers[slot.register]?.values ?? [];
  else {
    for (const variant of state.tensors[slot.register] ?? [])
      for (const shape of shapesIn(variant)) yield types.of(shape, variant.dtype).id;
  }
}

/** Between which numbers an expression lies, however many values meet in it. */
export function hullIn({ hull }: Compiled, state: RelaxedState): Hull | undefined {
  return hull?.((slot, symbol) => {
    const value = state.registers[slot.register] ?? 0;
    if (slot.kind === 'choice')
      return value > 0 ? { low: value, high: value } : { low: 1, high: slot.choice.options.length };
    if (slot.kind === 'capture') return state.numbers[slot.register];
    const extents = (state.tensors[slot.register] ?? []).flatMap(({ sizes, channels }) => {
      if (symbol === 'in') return [channels.low, channels.high];
      return sizes === undefined
        ? [1]
        : sizes.map(([height, width]) => (symbol === 'height' ? height : width));
    });
    return extents.length === 0 ? undefined : { low: Math.min(...extents), high: Math.max(...extents) };
  });
}

/** Every value that an expression can have, or `undefined` when there are too many ways to it. */
export function valuesOf(
  compiled: Compiled,
  state: RelaxedState,
  program: Program,
): ReadonlySet<Value> | undefined {
  if (combinationsOf(compiled.reads, state) > MOST_EVALUATIONS) return undefined;
  const values = new Set<Value>();
  for (const registers of combinations(compiled.reads, state, program))
    values.add(compiled.evaluate(registers));
  return values;
}
