/** The instructions that leave no choice and make no operator, run in place on registers. */

import type { Instruction, Kills, MoveInstruction } from './instructions.ts';
import { moveTensor, type Registers, releaseTensor, setTensor, typeIn } from './slots.ts';

/** The architecture is not in the space: a `require` is false. */
export const EXCLUDED = -1;

/**
 * Runs one instruction and gives the index of the next, or {@link EXCLUDED}. A `draw` has been drawn already and
 * does nothing, and so does a check that holds; layers and `end` are not for this function.
 */
export function runSilently(
  at: number,
  instruction: Instruction,
  registers: Registers,
  tensorRegisters: number,
): number {
  let next = at + 1;
  let jumpKills: Kills | undefined;
  switch (instruction.kind) {
    case 'test':
      if (!instruction.holds(registers)) {
        next = at + instruction.offset;
        jumpKills = instruction.jumpKills;
      }
      break;
    case 'jump':
      next = at + instruction.offset;
      jumpKills = instruction.jumpKills;
      break;
    case 'switch': {
      const option = (registers[instruction.slot.register] ?? 1) - 1;
      next = at + (instruction.offsets[option] ?? 1);
      jumpKills = instruction.targetKills[option];
      break;
    }
    case 'require':
      // What is not known does not exclude anything.
      if (instruction.condition.evaluate(registers) === false) return EXCLUDED;
      break;
    case 'move':
      movePart(registers, instruction, tensorRegisters);
      break;
    case 'capture': {
      const value = instruction.value.evaluate(registers);
      registers[instruction.slot.register] = typeof value === 'number' ? value : 0;
      break;
    }
    default:
      break;
  }
  applyKills(registers, instruction.kills, tensorRegisters);
  applyKills(registers, jumpKills, tensorRegisters);
  return next;
}

export function applyKills(registers: Registers, kills: Kills | undefined, tensorRegisters: number): void {
  if (kills === undefined) return;
  const { plain, tensors } = kills;
  // By index: iterators would be most of what a cold walk allocates.
  for (let index = 0; index < plain.length; index++) registers[plain[index] ?? 0] = 0;
  for (let index = 0; index < tensors.length; index++)
    releaseTensor(registers, tensors[index] ?? 0, tensorRegisters);
}

function movePart(registers: Registers, { from, to, part }: MoveInstruction, tensorRegisters: number): void {
  if (part === 0) moveTensor(registers, from.register, to.register, tensorRegisters);
  else setTensor(registers, to.register, typeIn(registers, from.register), tensorRegisters);
}
