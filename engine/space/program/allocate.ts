/**
 * Gives slots their registers, and instructions the registers that die with them: linear scan over the order of
 * instructions (Poletto and Sarkar 1999); jumps only go forward. Always the lowest free register is taken, so
 * what a piece gets depends on nothing but the registers that are taken where it begins; pieces for which these are
 * as they were keep theirs.
 */

import { sameNumbers } from '../numbers.ts';
import { TooLarge } from '../too-large.ts';
import type { Instruction, Kills, PlacedPiece } from './instructions.ts';
import type { Piece, SlotUse } from './pieces.ts';
import { type Slot, TENSOR_RADIX } from './slots.ts';

/** The registers of one piece and what they followed from. The object stands for both. */
export interface PieceRegisters {
  readonly key: readonly number[];
  /** Registers of choices and numbers in use at once, at most. */
  readonly plain: number;
}

export interface Allocation {
  readonly tensorRegisters: number;
  readonly registers: number;
}

/** Registers of one kind. */
class Pool {
  private readonly taken: boolean[] = [];
  /** One more than the highest register that was taken since {@link mark}. */
  high = 0;

  take(): number {
    let register = this.taken.indexOf(false);
    if (register < 0) register = this.taken.length;
    this.hold(register);
    return register;
  }

  hold(register: number): void {
    while (this.taken.length < register) this.taken.push(false);
    this.taken[register] = true;
    this.high = Math.max(this.high, register + 1);
  }

  give(register: number): void {
    this.taken[register] = false;
  }

  mark(): void {
    this.high = this.taken.lastIndexOf(true) + 1;
  }

  /** Which registers are taken, ended by -1. */
  describe(into: number[]): void {
    for (let register = 0; register < this.taken.length; register++)
      if (this.taken[register] === true) into.push(register);
    into.push(-1);
  }
}

export function allocate(pieces: readonly Piece[]): Allocation {
  findLives(pieces);
  // Tensors come first, so that walks find them without a table; all others stand behind them.
  const tensorRegisters = tensorsAtOnce(pieces);
  if (tensorRegisters >= TENSOR_RADIX) {
    const cure = 'Name fewer tensors with `as`, or nest blocks with `skip` less deeply.';
    throw new TooLarge({ limit: TENSOR_RADIX, of: 'tensors to keep at once', cure });
  }
  const scan = new Scan(tensorRegisters);
  pieces.forEach((piece, at) => scan.piece(piece, at));
  return { tensorRegisters, registers: tensorRegisters + scan.plain };
}

/** As many registers do, since the lowest free one is always taken. */
function tensorsAtOnce(pieces: readonly Piece[]): number {
  let alive = 0;
  let most = 0;
  pieces.forEach(({ instructions, uses }, at) => {
    const change = new Int32Array(instructions.length + 1);
    for (const { slot, first, last } of uses) {
      if (slot.kind !== 'tensor') continue;
      if (slot.firstPiece === at) change[first] = (change[first] ?? 0) + 1;
      if (slot.lastPiece === at) change[last + 1] = (change[last + 1] ?? 0) - 1;
    }
    for (let index = 0; index < change.length; index++) {
      alive += change[index] ?? 0;
      most = Math.max(most, alive);
    }
  });
  return most;
}

function findLives(pieces: readonly Piece[]): void {
  for (const { uses } of pieces) for (const { slot } of uses) slot.firstPiece = -1;
  pieces.forEach(({ uses }, at) => {
    for (const { slot } of uses) {
      if (slot.firstPiece < 0) slot.firstPiece = at;
      slot.lastPiece = at;
    }
  });
}

class Scan {
  private readonly offset: number;
  private readonly tensorPool = new Pool();
  private readonly plainPool = new Pool();
  private readonly key: number[] = [];
  plain = 0;

  constructor(offset: number) {
    this.offset = offset;
  }

  piece(piece: Piece, at: number): void {
    this.describe(piece, at);
    const known = piece.registers;
    if (known !== undefined && sameNumbers(known.key, this.key)) {
      for (const { slot } of piece.uses) {
        if (slot.firstPiece === at && slot.lastPiece > at) this.hold(slot);
        else if (slot.firstPiece < at && slot.lastPiece === at) this.give(slot);
      }
    } else piece.registers = this.assign(piece, at, this.key.slice());
    this.plain = Math.max(this.plain, piece.registers?.plain ?? 0);
  }

  /** Everything that the registers of a piece depend on, as numbers. */
  private describe(piece: Piece, at: number): void {
    const { key } = this;
    key.length = 0;
    key.push(this.offset);
    this.tensorPool.describe(key);
    this.plainPool.describe(key);
    for (const { slot } of piece.uses) {
      const begins = slot.firstPiece === at;
      const ends = slot.lastPiece === at;
      key.push(begins ? (ends ? -2 : -3) : slot.register * 2 + (ends ? 1 : 0));
    }
  }

  private assign({ instructions, uses }: Piece, at: number, key: readonly number[]): PieceRegisters {
    this.plainPool.mark();
    const endings = new Array<SlotUse[] | undefined>(instructions.length).fill(undefined);
    for (const use of uses) if (use.slot.lastPiece === at) (endings[use.last] ??= []).push(use);
    let next = 0;
    let active: SlotUse[] = uses.filter(({ slot }) => slot.firstPiece < at && slot.lastPiece === at);
    for (let index = 0; index < instructions.length; index++) {
      const instruction = instructions[index];
      if (instruction === undefined) continue;
      for (let use = uses[next]; use?.first === index; use = uses[++next]) {
        const { slot } = use;
        if (slot.firstPiece < at) continue;
        const isTensor = slot.kind === 'tensor';
        slot.register = isTensor ? this.tensorPool.take() : this.offset + this.plainPool.take();
        if (slot.lastPiece === at) active.push(use);
      }
      const dying = endings[index];
      if (dying === undefined) instruction.kills = undefined;
      else {
        instruction.kills = killsOf(dying);
        for (const { slot } of dying) this.give(slot);
        active = active.filter(({ last }) => last !== index);
      }
      setJumpKills(instruction, index, active);
    }
    return { key, plain: this.plainPool.high };
  }

  private hold(slot: Slot): void {
    if (slot.kind === 'tensor') this.tensorPool.hold(slot.register);
    else this.plainPool.hold(slot.register - this.offset);
  }

  private give(slot: Slot): void {
    if (slot.kind === 'tensor') this.tensorPool.give(slot.register);
    else this.plainPool.give(slot.register - this.offset);
  }
}

function setJumpKills(instruction: Instruction, at: number, active: readonly SlotUse[]): void {
  if (instruction.kind === 'test' || instruction.kind === 'jump')
    instruction.jumpKills = killsBetween(at, instruction.offset, active);
  else if (instruction.kind === 'switch')
    instruction.targetKills = instruction.offsets.map((offset) => killsBetween(at, offset, active));
}

/** What dies in the instructions that a jump passes over. */
function killsBetween(at: number, offset: number, active: readonly SlotUse[]): Kills | undefined {
  return offset <= 1 ? undefined : killsOf(active.filter(({ last }) => last < at + offset));
}

function killsOf(uses: readonly SlotUse[]): Kills | undefined {
  if (uses.length === 0) return undefined;
  const kills: Kills = { plain: [], tensors: [] };
  for (const { slot } of uses) (slot.kind === 'tensor' ? kills.tensors : kills.plain).push(slot.register);
  return kills;
}

/** By slot, its first and last use in the program. */
export type Lifetimes = ReadonlyMap<Slot, { readonly first: number; readonly last: number }>;

export function lifetimes(pieces: readonly PlacedPiece[]): Lifetimes {
  const lives = new Map<Slot, { first: number; last: number }>();
  for (const { start, uses } of pieces) {
    for (const { slot, first, last } of uses) {
      const known = lives.get(slot);
      if (known === undefined) lives.set(slot, { first: start + first, last: start + last });
      else known.last = start + last;
    }
  }
  return lives;
}
