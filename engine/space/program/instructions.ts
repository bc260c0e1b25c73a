/**
 * A space as a straight line of instructions with forward jumps: what an architecture's construction does, step
 * by step. Only `draw` has more than one way on. Lowering runs the line once; counting, bounds and sampling
 * follow all ways at once (`graph/`).
 */

import type { Span, Statement } from '../../../grammar/ast.ts';
import type { Finding } from '../problems/problem.ts';
import type { SourceRef } from '../network.ts';
import type { Choice } from '../types.ts';
import type { Compiled } from './compile.ts';
import type { FindFault } from './fault.ts';
import type { FollowerPart } from './followers.ts';
import type { LayerOp } from './layer.ts';
import type { SlotUse } from './pieces.ts';
import type { Spread } from './spread.ts';
import type { OperatorTable } from './run-layer.ts';
import type { CaptureSlot, ChoiceSlot, Registers, Slot, TensorSlot } from './slots.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';

/** Registers to reset to 0, since nothing reads them any more. */
export interface Kills {
  readonly plain: number[];
  readonly tensors: number[];
}

interface InstructionBase {
  readonly reads: readonly Slot[];
  readonly writes: Slot | undefined;
  /** After the instruction, on every way on. */
  kills: Kills | undefined;
}

/** Decides a choice unless it is decided already. */
export interface DrawInstruction extends InstructionBase {
  readonly kind: 'draw';
  readonly slot: ChoiceSlot;
}

export interface LayerInstruction extends InstructionBase {
  readonly kind: 'layer';
  readonly statement: Statement;
  source: SourceRef;
  readonly name: string;
  readonly operator: string;
  readonly attributes: readonly { readonly name: string; readonly value: Compiled }[];
  readonly followers: readonly FollowerPart[];
  readonly inputs: readonly TensorSlot[];
  readonly output: TensorSlot;
  readonly remedy: string | undefined;
  /** Equal for layers with the same operator, names of attributes and followers. */
  readonly form: string;
  /** A check of a value, which makes nothing: it fails where this finds something and is passed over elsewhere. */
  readonly fault: FindFault | undefined;
  /** Results by the values of `reads`. */
  memo: OutcomeMemo | undefined;
}

/** Nothing comes of the instruction here: it checks a value that exists. */
export function isPassedCheck({ fault }: LayerInstruction, registers: Registers): boolean {
  return fault !== undefined && fault(registers) === undefined;
}

/** Most layers have a handful of outcomes, for which a table would be larger and no quicker; others get one. */
export interface OutcomeMemo {
  readonly keys: (number | string)[];
  readonly outcomes: LayerOutcome[];
  table: Map<number | string, LayerOutcome> | undefined;
}

/** What a layer did for one combination of inputs and attributes. */
export interface LayerOutcome {
  readonly ops: readonly InternedOp[];
  readonly output: TensorType | undefined;
  readonly failure: Finding | undefined;
  readonly warning: Finding | undefined;
}

/** One operator with one set of attributes and tensor types; shared by all layers that come to it. */
export interface InternedOp extends LayerOp {
  /** From 0, unique in the space. */
  readonly id: number;
  /** It stands for many operators, of which it is one. */
  readonly spread?: Spread;
}

/** Goes on to the next instruction when the condition holds (or is not known), else to `target`. */
export interface TestInstruction extends InstructionBase {
  readonly kind: 'test';
  readonly holds: (registers: Registers) => boolean;
  /** From here to where it goes. */
  offset: number;
  jumpKills: Kills | undefined;
}

/** Goes to the target of the option that was drawn. */
export interface SwitchInstruction extends InstructionBase {
  readonly kind: 'switch';
  readonly slot: ChoiceSlot;
  /** By option, from here. */
  readonly offsets: number[];
  targetKills: (Kills | undefined)[];
}

export interface JumpInstruction extends InstructionBase {
  readonly kind: 'jump';
  offset: number;
  jumpKills: Kills | undefined;
}

export interface RequireInstruction extends InstructionBase {
  readonly kind: 'require';
  readonly condition: Compiled;
  readonly statement: Statement;
  source: SourceRef;
}

export interface MoveInstruction extends InstructionBase {
  readonly kind: 'move';
  readonly from: TensorSlot;
  readonly to: TensorSlot;
  /** Which of the tensors of its operator, that all have the type of the first; 0 for the one in {@link from} itself. */
  readonly part: number;
}

export interface CaptureInstruction extends InstructionBase {
  readonly kind: 'capture';
  readonly slot: CaptureSlot;
  readonly value: Compiled;
}

export interface EndInstruction extends InstructionBase {
  readonly kind: 'end';
  readonly outputs: readonly TensorSlot[];
}

export type Instruction =
  | DrawInstruction
  | LayerInstruction
  | TestInstruction
  | SwitchInstruction
  | JumpInstruction
  | RequireInstruction
  | MoveInstruction
  | CaptureInstruction
  | EndInstruction;

/** One repetition of one use of a statement that holds others. */
export interface Region {
  readonly statement: Statement;
  readonly file: string;
  /** Counted from the first instruction of its piece, as {@link end}. */
  start: number;
  /** The first instruction after it. */
  end: number;
  /** The current tensor, to read what flows in and out. */
  readonly tensor: TensorSlot;
}

/** What one statement of the space has become; no jump leads out of it. */
export interface PlacedPiece {
  readonly start: number;
  /** The first instruction after it. */
  readonly end: number;
  readonly uses: readonly SlotUse[];
  /** The same object only as long as its instructions and their registers are the same. */
  readonly stamp: object;
}

export interface Program {
  readonly instructions: readonly Instruction[];
  /** The stretches of {@link instructions} that the statements of the space have become, in order. */
  readonly pieces: readonly PlacedPiece[];
  readonly choices: readonly Choice[];
  /** Where each of them stands: parts of the tree, whose places are written anew while the text around them changes. */
  readonly choicePlaces: readonly Span[];
  /** In the order in which they open, with places in the program. */
  readonly regions: readonly Region[];
  readonly types: TensorTypes;
  readonly operators: OperatorTable;
  /** What is there at the start; where the input is a choice, one of {@link inputs} until it has been drawn. */
  readonly input: TensorType;
  /** Every tensor that the network can be given, the one of the first option first. */
  readonly inputs: readonly TensorType[];
  readonly current: TensorSlot;
  /** Registers `[0, tensorRegisters)` hold tensors. */
  readonly tensorRegisters: number;
  readonly registers: number;
  /** From this instruction on, shapes may be wrong because something before could not be understood. */
  readonly doubtfulFrom: number;
}
