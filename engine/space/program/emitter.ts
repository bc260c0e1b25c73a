/**
 * The program while it is being written, one piece after the other: instructions, slots and choices, with jumps
 * that are patched later. Keeps account of what a piece took from those before it (see `pieces.ts`).
 */

import type { Span } from '../../../grammar/ast.ts';
import { type Effort, effortOf } from '../effort.ts';
import { TooLarge } from '../too-large.ts';
import type { Choice } from '../types.ts';
import type { Draw } from './compile.ts';
import type {
  Instruction,
  JumpInstruction,
  Region,
  SwitchInstruction,
  TestInstruction,
} from './instructions.ts';
import { choiceSlot, type ChoiceSlot, type Registers, type Slot, type TensorSlot } from './slots.ts';

/** A space so large that a person can only have made a slip, such as `x1000` inside `x1000`. */
export const INSTRUCTION_LIMIT = 50_000;

/** The part of `T` without what the emitter fills in. */
type Draft<T> = T extends Instruction
  ? Omit<T, 'kills' | 'reads' | 'writes'> & Partial<Pick<T, 'reads' | 'writes'>>
  : never;

/** A choice where it was first met. */
export interface MadeChoice {
  readonly slot: ChoiceSlot;
  readonly file: string;
  readonly node: Span;
}

/** What the emitter knows of one piece; places are counted from its first instruction. */
export interface Written {
  readonly instructions: readonly Instruction[];
  readonly regions: readonly Region[];
  readonly made: readonly MadeChoice[];
  /** Choices of earlier pieces that came up by their ids. */
  readonly met: readonly ChoiceSlot[];
  /** Choices that were to be drawn, and whether they were decided before the piece. */
  readonly asked: ReadonlyMap<ChoiceSlot, boolean>;
  /** Choices that are decided on every way through the piece. */
  readonly decided: readonly ChoiceSlot[];
}

export class Emitter {
  /** Of the piece at hand. */
  private instructions: Instruction[] = [];
  private regions: Region[] = [];
  private made: MadeChoice[] = [];
  private met = new Set<ChoiceSlot>();
  /** The slots in {@link made}. */
  private own = new Set<ChoiceSlot>();
  private asked = new Map<ChoiceSlot, boolean>();
  /** Instructions and regions of the pieces before. */
  private base = 0;
  private regionsBefore = 0;
  private decidedBefore = 0;
  private readonly slotsById = new Map<string, ChoiceSlot>();
  /** Choices that are decided on every way to the current place. */
  private readonly decided = new Set<ChoiceSlot>();
  private readonly decidedLog: ChoiceSlot[] = [];
  private readonly effort: Effort | undefined;

  constructor(effort?: Effort) {
    this.effort = effort;
  }

  /** The place of the next instruction in the program. */
  get at(): number {
    return this.base + this.instructions.length;
  }

  /** Ends the piece at hand and starts another. */
  cut(): Written {
    const { instructions, regions, made, met, asked } = this;
    const decided = this.decidedLog.slice(this.decidedBefore);
    this.base += instructions.length;
    this.regionsBefore += regions.length;
    this.decidedBefore = this.decidedLog.length;
    this.instructions = [];
    this.regions = [];
    this.made = [];
    this.met = new Set();
    this.own = new Set();
    this.asked = new Map();
    return { instructions, regions, made, met: [...met], asked, decided };
  }

  /** Whether a piece that was written before would be written again after what is there now. */
  fits({ made, met, asked }: Written): boolean {
    for (const { slot } of made) if (this.slotsById.has(slot.choice.id)) return false;
    for (const slot of met) if (this.slotsById.get(slot.choice.id) !== slot) return false;
    for (const [slot, wasDecided] of asked) if (this.decided.has(slot) !== wasDecided) return false;
    return true;
  }

  /** Writes such a piece as it is. */
  take({ instructions, regions, made, decided }: Written): void {
    if (this.at + instructions.length > INSTRUCTION_LIMIT) throw tooManyInstructions();
    if (this.regionsBefore + regions.length > INSTRUCTION_LIMIT) throw tooManyInstructions();
    for (const { slot } of made) this.slotsById.set(slot.choice.id, slot);
    for (const slot of decided) this.decide(slot);
    this.base += instructions.length;
    this.regionsBefore += regions.length;
    this.decidedBefore = this.decidedLog.length;
  }

  emit(draft: Draft<Instruction>): void {
    // The union of drafts is distributive, so spreading one gives back its instruction.
    this.push({ reads: [], writes: undefined, kills: undefined, ...draft });
  }

  /** As {@link emit} for a complete instruction; layers are many. */
  push(instruction: Instruction): void {
    if (this.at >= INSTRUCTION_LIMIT) throw tooManyInstructions();
    this.effort?.spend(effortOf.instruction);
    this.instructions.push(instruction);
  }

  /** Gives `to` the tensor in `from`, or another one that its operator put out. */
  move(from: TensorSlot, to: TensorSlot, part = 0): void {
    this.emit({ kind: 'move', part, from, to, reads: [from], writes: to });
  }

  /** Starts a stretch of instructions that may be empty, which is why stretches are limited as well. */
  openRegion(region: Omit<Region, 'start' | 'end'>): Region {
    if (this.regionsBefore + this.regions.length >= INSTRUCTION_LIMIT) throw tooManyInstructions();
    const opened: Region = { ...region, start: this.instructions.length, end: -1 };
    this.regions.push(opened);
    return opened;
  }

  closeRegion(region: Region): void {
    region.end = this.instructions.length;
  }

  /** The slot of a choice; the same id is the same choice (ties, `same`). */
  slotFor(choice: Choice, node: Span): ChoiceSlot {
    const known = this.slotsById.get(choice.id);
    if (known !== undefined) {
      if (!this.own.has(known)) this.met.add(known);
      return known;
    }
    const slot = choiceSlot(choice);
    this.slotsById.set(choice.id, slot);
    this.own.add(slot);
    this.made.push({ slot, file: choice.source.file, node });
    return slot;
  }

  /** Makes sure that everything an expression needs has been drawn. */
  force(draws: readonly Draw[]): void {
    for (const draw of draws) {
      if ('condition' in draw) {
        const { reads, evaluate } = draw.condition;
        draw.branches.forEach((inner, branch) => {
          if (inner.length === 0) return;
          this.conditionally((patch) => {
            patch.push(this.test(reads, (registers) => evaluate(registers) === (branch === 0)));
            this.force(inner);
          });
        });
        continue;
      }
      const { slot, nested } = draw;
      this.draw(slot);
      nested?.forEach((inner, option) => {
        if (inner.length === 0) return;
        this.conditionally((patch) => {
          patch.push(this.test([slot], (registers) => registers[slot.register] === option + 1));
          this.force(inner);
        });
      });
    }
  }

  draw(slot: ChoiceSlot): void {
    const isDecided = this.decided.has(slot);
    if (!this.asked.has(slot)) this.asked.set(slot, isDecided);
    if (isDecided) return;
    this.emit({ kind: 'draw', slot, reads: [slot], writes: slot });
    this.decide(slot);
  }

  private decide(slot: ChoiceSlot): void {
    this.decided.add(slot);
    this.decidedLog.push(slot);
  }

  // A jump counts from itself: until it is patched, it leads to the start of the program.

  test(reads: readonly Slot[], holds: (registers: Registers) => boolean): TestInstruction {
    this.emit({ kind: 'test', reads, holds, offset: -this.at, jumpKills: undefined });
    return this.last() as TestInstruction;
  }

  jump(): JumpInstruction {
    this.emit({ kind: 'jump', offset: -this.at, jumpKills: undefined });
    return this.last() as JumpInstruction;
  }

  /** To `count` targets, which {@link startOption} sets. */
  switch(slot: ChoiceSlot, count: number): SwitchInstruction {
    const offsets = new Array<number>(count).fill(-this.at);
    this.emit({ kind: 'switch', slot, offsets, targetKills: [], reads: [slot] });
    return this.last() as SwitchInstruction;
  }

  /** What follows is where the switch goes with an option. */
  startOption(instruction: SwitchInstruction, option: number): void {
    instruction.offsets[option] = (instruction.offsets[option] ?? 0) + this.at;
  }

  /**
   * Writes a part that may be jumped over. What is drawn in it counts as undecided after it. Instructions put
   * into `patch` get the place after the part as their target.
   */
  conditionally(write: (patch: (TestInstruction | JumpInstruction)[]) => void): void {
    const mark = this.decidedLog.length;
    const patch: (TestInstruction | JumpInstruction)[] = [];
    write(patch);
    for (const instruction of patch) instruction.offset += this.at;
    // Without a jump over it, the part always runs.
    if (patch.length > 0) this.forgetSince(mark);
  }

  /** As {@link conditionally} for one of several alternatives. */
  alternative(write: () => void): void {
    const mark = this.decidedLog.length;
    write();
    this.forgetSince(mark);
  }

  private forgetSince(mark: number): void {
    for (const slot of this.decidedLog.splice(mark)) this.decided.delete(slot);
  }

  private last(): Instruction | undefined {
    return this.instructions.at(-1);
  }
}

/** So many instructions, or stretches of them, are written that it can only be a slip. */
export function tooManyInstructions(): TooLarge {
  const cure = 'Repeat blocks less often, or use fewer blocks inside of blocks.';
  return new TooLarge({ limit: INSTRUCTION_LIMIT, of: 'layers and choices', cure });
}
