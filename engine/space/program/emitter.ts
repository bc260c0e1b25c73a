/** The program while it is being written: instructions, slots and choices, with jumps that are patched later. */

import type { Choice } from '../types.ts';
import type { Draw } from './compile.ts';
import type {
  Instruction,
  JumpInstruction,
  Region,
  SwitchInstruction,
  TestInstruction,
} from './instructions.ts';
import { choiceSlot } from './slots.ts';
import type { ChoiceSlot, Registers, Slot } from './slots.ts';

/** A space so large that a person can only have made a slip, such as `x1000` inside `x1000`. */
export const INSTRUCTION_LIMIT = 50_000;

export class ProgramTooLarge extends RangeError {}

/** The part of `T` without what the emitter fills in. */
type Draft<T> = T extends Instruction
  ? Omit<T, 'kills' | 'reads' | 'writes'> & Partial<Pick<T, 'reads' | 'writes'>>
  : never;

export class Emitter {
  readonly instructions: Instruction[] = [];
  readonly choices: Choice[] = [];
  readonly choiceSlots: ChoiceSlot[] = [];
  readonly regions: Region[] = [];
  private readonly slotsById = new Map<string, ChoiceSlot>();
  /** Choices that are decided on every way to the current place. */
  private readonly decided = new Set<ChoiceSlot>();
  private readonly decidedLog: ChoiceSlot[] = [];

  get at(): number {
    return this.instructions.length;
  }

  emit(draft: Draft<Instruction>): void {
    if (this.at >= INSTRUCTION_LIMIT) throw new ProgramTooLarge('The space has too many layers.');
    // The union of drafts is distributive, so spreading one gives back its instruction.
    this.instructions.push({ reads: [], writes: undefined, kills: undefined, ...draft });
  }

  /** As {@link emit} for a complete instruction; layers are many. */
  push(instruction: Instruction): void {
    if (this.at >= INSTRUCTION_LIMIT) throw new ProgramTooLarge('The space has too many layers.');
    this.instructions.push(instruction);
  }

  /** Starts a stretch of instructions that may be empty, which is why stretches are limited as well. */
  openRegion(region: Region): void {
    if (this.regions.length >= INSTRUCTION_LIMIT) throw new ProgramTooLarge('The space has too many uses.');
    this.regions.push(region);
  }

  /** The slot of a choice; the same id is the same choice (ties, `same`). */
  slotFor(choice: Choice): ChoiceSlot {
    const known = this.slotsById.get(choice.id);
    if (known !== undefined) return known;
    const slot = choiceSlot(choice);
    this.slotsById.set(choice.id, slot);
    this.choices.push(choice);
    this.choiceSlots.push(slot);
    return slot;
  }

  /** Makes sure that everything an expression needs has been drawn. */
  force(draws: readonly Draw[]): void {
    for (const { slot, nested } of draws) {
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
    if (this.decided.has(slot)) return;
    this.emit({ kind: 'draw', slot, options: slot.choice.options.length, reads: [slot], writes: slot });
    this.decided.add(slot);
    this.decidedLog.push(slot);
  }

  test(reads: readonly Slot[], holds: (registers: Registers) => boolean): TestInstruction {
    this.emit({ kind: 'test', reads, holds, target: -1, jumpKills: undefined });
    return this.last() as TestInstruction;
  }

  jump(): JumpInstruction {
    this.emit({ kind: 'jump', target: -1, jumpKills: undefined });
    return this.last() as JumpInstruction;
  }

  switch(slot: ChoiceSlot): SwitchInstruction {
    this.emit({ kind: 'switch', slot, targets: [], targetKills: [], reads: [slot] });
    return this.last() as SwitchInstruction;
  }

  /**
   * Writes a part that may be jumped over. What is drawn in it counts as undecided after it. Instructions put
   * into `patch` get the place after the part as their target.
   */
  conditionally(write: (patch: (TestInstruction | JumpInstruction)[]) => void): void {
    const mark = this.decidedLog.length;
    const patch: (TestInstruction | JumpInstruction)[] = [];
    write(patch);
    for (const instruction of patch) instruction.target = this.at;
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
