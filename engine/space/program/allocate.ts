/** Gives slots their registers, and instructions the registers that die with them. */

import type { Instruction, Kills } from './instructions.ts';
import { TENSOR_RADIX } from './slots.ts';
import type { Slot } from './slots.ts';

/** Too many tensors would have to be kept at once. */
export class TooManyTensors extends RangeError {}

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
  const startsAt = bucket(slots, (slot) => slot.firstUse);
  const endsAt = bucket(slots, (slot) => slot.lastUse);
  const tensors = new Pool();
  const plain = new Pool();
  const active = new Set<Slot>();
  const jumps: (() => void)[] = [];
  instructions.forEach((instruction, at) => {
    for (const slot of startsAt.get(at) ?? []) {
      slot.register = (slot.kind === 'tensor' ? tensors : plain).take();
      active.add(slot);
    }
    const dying = endsAt.get(at) ?? [];
    for (const slot of dying) {
      (slot.kind === 'tensor' ? tensors : plain).give(slot.register);
      active.delete(slot);
    }
    jumps.push(() => (instruction.kills = killsOf(dying)));
    const passed = (target: number): (() => Kills | undefined) => {
      if (target <= at + 1) return () => undefined;
      const dead = [...active].filter((slot) => slot.lastUse < target);
      return () => killsOf(dead);
    };
    if (instruction.kind === 'test' || instruction.kind === 'jump') {
      const kills = passed(instruction.target);
      jumps.push(() => (instruction.jumpKills = kills()));
    } else if (instruction.kind === 'switch') {
      const kills = instruction.targets.map(passed);
      jumps.push(() => (instruction.targetKills = kills.map((kill) => kill())));
    }
  });
  if (tensors.size >= TENSOR_RADIX) throw new TooManyTensors(`${tensors.size} tensors are alive at once.`);
  // Tensors come first, so that walks find them without a table.
  for (const slot of slots) if (slot.kind !== 'tensor') slot.register += tensors.size;
  for (const finish of jumps) finish();
  return { slots, tensorRegisters: tensors.size, registers: tensors.size + plain.size };
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

function bucket(slots: readonly Slot[], key: (slot: Slot) => number): Map<number, Slot[]> {
  const buckets = new Map<number, Slot[]>();
  for (const slot of slots) {
    const at = key(slot);
    const found = buckets.get(at);
    if (found === undefined) buckets.set(at, [slot]);
    else found.push(slot);
  }
  return buckets;
}

function killsOf(slots: readonly Slot[]): Kills | undefined {
  if (slots.length === 0) return undefined;
  const kills: Kills = { plain: [], tensors: [] };
  for (const slot of slots) (slot.kind === 'tensor' ? kills.tensors : kills.plain).push(slot.register);
  return kills;
}
