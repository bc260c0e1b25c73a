/**
 * The state of a walk through a space: a row of registers, each holding an option that has been drawn, a
 * number that has been captured, or the type of a tensor that is still needed.
 *
 * A slot lives from its first use to its last in the order of the instructions, then its register is reset to
 * 0 and given to another slot; so walks that differ only in what nothing later reads become equal and merge.
 */

import type { Choice } from '../types.ts';

export type Registers = number[];

interface SlotBase {
  /** Assigned when the program is complete. */
  register: number;
  /** The first and the last piece that use it, while registers are assigned. */
  firstPiece: number;
  lastPiece: number;
}

/** 0: not drawn; k + 1: option k. */
export interface ChoiceSlot extends SlotBase {
  readonly kind: 'choice';
  choice: Choice;
}

/** A number (`in`, `height`, `width` where a `let` or an argument stands). 0: not captured. */
export interface CaptureSlot extends SlotBase {
  readonly kind: 'capture';
}

/**
 * A tensor: `type id * TENSOR_RADIX + representative`, where the representative is the lowest register that
 * holds the same tensor. 0: none.
 */
export interface TensorSlot extends SlotBase {
  readonly kind: 'tensor';
  /** As written after `as`, or what it is for. */
  readonly name: string;
}

export type Slot = ChoiceSlot | CaptureSlot | TensorSlot;

/** Bits of a tensor register that hold the representative; the rest is the type. */
const REPRESENTATIVE_BITS = 10;

/** Greater than the number of tensors that can be alive at once. */
export const TENSOR_RADIX = 1 << REPRESENTATIVE_BITS;
const REPRESENTATIVE_MASK = TENSOR_RADIX - 1;

export function choiceSlot(choice: Choice): ChoiceSlot {
  return { kind: 'choice', choice, register: -1, firstPiece: -1, lastPiece: -1 };
}

export function captureSlot(): CaptureSlot {
  return { kind: 'capture', register: -1, firstPiece: -1, lastPiece: -1 };
}

export function tensorSlot(name: string): TensorSlot {
  return { kind: 'tensor', name, register: -1, firstPiece: -1, lastPiece: -1 };
}

/** The type id of the tensor in a register; 0 when there is none. */
export function typeIn(registers: Registers, register: number): number {
  return (registers[register] ?? 0) >> REPRESENTATIVE_BITS;
}

/** Empties a tensor register; others that hold the same tensor get a new representative. */
export function releaseTensor(registers: Registers, register: number, tensorRegisters: number): void {
  const value = registers[register] ?? 0;
  registers[register] = 0;
  if (value <= 0 || (value & REPRESENTATIVE_MASK) !== register) return;
  let representative = -1;
  for (let other = 0; other < tensorRegisters; other++) {
    if (registers[other] !== value) continue;
    if (representative < 0) representative = other;
    registers[other] = value - register + representative;
  }
}

/** Puts a new tensor of a type into a register. */
export function setTensor(
  registers: Registers,
  register: number,
  type: number,
  tensorRegisters: number,
): void {
  releaseTensor(registers, register, tensorRegisters);
  registers[register] = (type << REPRESENTATIVE_BITS) | register;
}

/** Makes `to` hold the same tensor as `from`. */
export function moveTensor(registers: Registers, from: number, to: number, tensorRegisters: number): void {
  if (from === to) return;
  const value = registers[from] ?? 0;
  if (value !== 0 && registers[to] === value) return;
  releaseTensor(registers, to, tensorRegisters);
  const current = registers[from] ?? 0;
  if (current === 0) return;
  const representative = current & REPRESENTATIVE_MASK;
  const canonical = to < representative ? current - representative + to : current;
  registers[to] = canonical;
  if (canonical === current) return;
  for (let other = 0; other < tensorRegisters; other++) {
    if (registers[other] === current) registers[other] = canonical;
  }
}
