/** Gives slots their registers, and instructions the registers that die with them. */

import type { Instruction, Kills } from './instructions.ts';
import { TENSOR_RADIX } from './slots.ts';
import type { Slot } from './slots.ts';

/** Too many tensors would have to be kept at once. */
export class TooManyTensors extends RangeError {}

const none: readonly Slot[] = [];

class Pool {
  private readonly free: number[] = [];
  size = 0;
  take(): number {
    return this.free.pop() ?? this.size++;
  }
  give(register: number): void {
    this.free.push(register);
  }
}

/** Linear scan over the order of instructions (Poletto and Sarkar 1999); jumps only go forward. */
export function allocate(instructions: readonly Instruction[]): {
  readonly slots: readonly Slot[];
  readonly tensorRegisters: number;
  readonly registers: number;
} {
  const slots = findUses(instructions);
  const endings = new Array<Slot[] | undefined>(instructions.length).fill(undefined);
  for (const slot of slots) (endings[slot.lastUse] ??= []).push(slot);
  const tensors = new Pool();
  const plain = new Pool();
  let active: Slot[] = [];
  let next = 0;
  instructions.forEach((_, at) => {
    for (let slot = slots[next]; slot?.firstUse === at; slot = slots[++next]) {
      slot.register = (slot.kind === 'tensor' ? tensors : plain).take();
    }
    for (const slot of endings[at] ?? none) (slot.kind === 'tensor' ? tensors : plain).give(slot.register);
  });
  if (tensors.size >= TENSOR_RADIX) throw new TooManyTensors(`${tensors.size} tensors are alive at once.`);
  // Tensors come first, so that walks find them without a table.
  for (const slot of slots) if (slot.kind !== 'tensor') slot.register += tensors.size;
  next = 0;
  instructions.forEach((instruction, at) => {
    for (let slot = slots[next]; slot?.firstUse === at; slot = slots[++next]) active.push(slot);
    const dying = endings[at];
    if (dying !== undefined) {
      instruction.kills = killsOf(dying);
      active = active.filter((slot) => slot.lastUse !== at);
    }
    if (instruction.kind === 'test' || instruction.kind === 'jump')
      instruction.jumpKills = killsBetween(at, instruction.target, active);
    else if (instruction.kind === 'switch')
      instruction.targetKills = instruction.targets.map((target) => killsBetween(at, target, active));
  });
  return { slots, tensorRegisters: tensors.size, registers: tensors.size + plain.size };
}

/** What dies in the instructions that a jump passes over. */
function killsBetween(at: number, target: number, active: readonly Slot[]): Kills | undefined {
  return target <= at + 1 ? undefined : killsOf(active.filter((slot) => slot.lastUse < target));
}

function findUses(instructions: readonly Instruction[]): Slot[] {
  const slots: Slot[] = [];
  const use = (slot: Slot, at: number): void => {
    if (slot.firstUse < 0) {
      slot.firstUse = at;
      slots.push(slot);
    }
    slot.lastUse = at;
  };
  instructions.forEach((instruction, at) => {
    for (const slot of instruction.reads) use(slot, at);
    if (instruction.writes !== undefined) use(instruction.writes, at);
  });
  return slots;
}

function killsOf(slots: readonly Slot[]): Kills | undefined {
  if (slots.length === 0) return undefined;
  const kills: Kills = { plain: [], tensors: [] };
  for (const slot of slots) (slot.kind === 'tensor' ? kills.tensors : kills.plain).push(slot.register);
  return kills;
}
