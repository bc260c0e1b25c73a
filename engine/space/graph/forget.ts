/** Merging states by forgetting registers, when too many meet at one instruction. */

import { mixed } from '../hash.ts';
import type { Lifetimes } from '../program/allocate.ts';
import type { Instruction, Program } from '../program/instructions.ts';
import type { Registers, Slot } from '../program/slots.ts';

/** In place of a value that is not known any more. */
export const FORGOTTEN = -1;

/** The values that forgotten slots may have, for when they are read again. */
export type ForgottenValues = Map<Slot, Set<number>>;

/** Combinations of forgotten values that are followed to see what a `require` excludes. */
const RECALL_LIMIT = 64;

/**
 * Whether to follow every value that the forgotten registers of a condition may have would take too many states. The
 * condition then excludes nothing: what is left is more than the space holds, and bounds stay sound.
 */
export function isBeyondRecall(
  { reads }: Instruction,
  registers: Registers,
  forgotten: ForgottenValues,
): boolean {
  let combinations = 1;
  for (const slot of reads)
    if ((registers[slot.register] ?? 0) < 0) combinations *= forgotten.get(slot)?.size ?? 1;
  return combinations > RECALL_LIMIT;
}

/**
 * Chooses registers to forget so that at most `wanted` different states are left (or nothing is left to
 * forget), and gives the registers. The current tensor is never forgotten: the next layer needs it.
 */
export function chooseForgotten(
  program: Program,
  lives: Lifetimes,
  at: number,
  states: readonly Registers[],
  wanted: number,
): readonly Slot[] {
  // What is read here would have to be recalled at once.
  const readHere = new Set(program.instructions[at]?.reads);
  // What is read latest is least likely to be wanted again soon.
  const candidates: { readonly slot: Slot; readonly last: number }[] = [];
  for (const [slot, { first, last }] of lives) {
    if (first >= at || last <= at || slot === program.current || readHere.has(slot)) continue;
    if (new Set(states.map((state) => state[slot.register])).size > 1) candidates.push({ slot, last });
  }
  candidates.sort((left, right) => right.last - left.last);
  const hashes = Int32Array.from(states, hashOf);
  const forgotten: Slot[] = [];
  for (const { slot } of candidates) {
    if (!hasMoreThan(hashes, wanted)) break;
    forgotten.push(slot);
    states.forEach((state, index) => {
      hashes[index] = (hashes[index] ?? 0) ^ hashOfRegister(slot.register, state[slot.register] ?? 0);
    });
  }
  return forgotten;
}

/** The registers' own hashes combined by exclusive or, so that one of them can be taken out again. */
function hashOf(state: Registers): number {
  let hash = 0;
  for (let register = 0; register < state.length; register++)
    hash ^= hashOfRegister(register, state[register] ?? 0);
  return hash;
}

function hashOfRegister(register: number, value: number): number {
  return mixed(Math.imul(value, 0x9e3779b1) ^ Math.imul(register + 1, 0x85ebca6b));
}

/** Different states by hash: a collision only means that one register less is forgotten. */
function hasMoreThan(hashes: Int32Array, limit: number): boolean {
  const distinct = new Set<number>();
  for (const hash of hashes) {
    distinct.add(hash);
    if (distinct.size > limit) return true;
  }
  return false;
}
