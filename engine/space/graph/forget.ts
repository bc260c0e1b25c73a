/** Merging states by forgetting registers, when too many meet at one instruction. */

import type { Program } from '../program/instructions.ts';
import type { Registers, Slot } from '../program/slots.ts';

/** In place of a value that is not known any more. */
export const FORGOTTEN = -1;

/** The values that forgotten slots may have, for when they are read again. */
export type ForgottenValues = Map<Slot, Set<number>>;

/**
 * Chooses registers to forget so that at most `wanted` different states are left (or nothing is left to
 * forget), and gives the registers. The current tensor is never forgotten: the next layer needs it.
 */
export function chooseForgotten(
  program: Program,
  at: number,
  states: readonly Registers[],
  wanted: number,
): readonly Slot[] {
  // What is read here would have to be recalled at once.
  const readHere = new Set(program.instructions[at]?.reads);
  const alive = program.slots.filter(
    (slot) => slot.firstUse < at && slot.lastUse > at && slot !== program.current && !readHere.has(slot),
  );
  // What is read latest is least likely to be wanted again soon.
  const candidates = alive
    .map((slot) => ({ slot, distinct: new Set(states.map((state) => state[slot.register])).size }))
    .filter(({ distinct }) => distinct > 1)
    .sort((left, right) => right.slot.lastUse - left.slot.lastUse);
  const forgotten: Slot[] = [];
  for (const { slot } of candidates) {
    if (countDistinct(states, forgotten) <= wanted) break;
    forgotten.push(slot);
  }
  return forgotten;
}

function countDistinct(states: readonly Registers[], forgotten: readonly Slot[]): number {
  const without = new Set(forgotten.map((slot) => slot.register));
  return new Set(states.map((state) => state.filter((_, register) => !without.has(register)).join())).size;
}
