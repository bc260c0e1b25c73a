/** The pieces of one version of a space while they are put together, and the program that they make. */

import type { Span, Statement } from '../../../grammar/ast.ts';
import type { Choice } from '../types.ts';
import type { Body } from './body.ts';
import type { Instruction, PlacedPiece, Program, Region } from './instructions.ts';
import type { Environment, Piece } from './pieces.ts';
import { tensorSlot, type TensorSlot } from './slots.ts';

/** What stands around the statements of a space. */
export interface Frame {
  readonly needsInput: boolean;
  /** The input is a choice that stands in the dataset: it is drawn before the first statement. */
  readonly drawsInput: boolean;
  /** What arrived at the space, if a `skip` needs it. */
  readonly input: TensorSlot | undefined;
  readonly environment: Environment;
  start: Piece | undefined;
  end: Piece | undefined;
}

/** That of the version before, where the same stands in it. */
export function frameLike(before: Frame | undefined, needsInput: boolean, drawsInput: boolean): Frame {
  if (before?.needsInput === needsInput && before.drawsInput === drawsInput) return before;
  return {
    needsInput,
    drawsInput,
    input: needsInput ? tensorSlot('input of the body') : undefined,
    environment: { names: [], tensors: [] },
    start: undefined,
    end: undefined,
  };
}

export class PieceRow {
  readonly pieces: Piece[] = [];
  readonly body: Body;
  environment: Environment;

  constructor(body: Body, environment: Environment) {
    this.body = body;
    this.environment = environment;
  }

  /** Whether the piece would have its number again. */
  counts({ counted }: Piece): boolean {
    return counted === undefined || (this.body.counters.get(counted.name) ?? 0) === counted.number - 1;
  }

  /** What the statement just written has brought into the space; `named` are tensors, those of its blocks among them. */
  note(statement: Statement, named: readonly string[]): void {
    const { scope, tensors } = this.body;
    const name = statement.kind === 'let' ? statement.name?.name : undefined;
    const value = name === undefined ? undefined : scope.names.get(name);
    const brought = named.flatMap((each): Environment['tensors'] => {
      const slot = tensors.get(each);
      return slot === undefined ? [] : [[each, slot]];
    });
    if (statement.kind !== 'let' && brought.length === 0) return;
    const names: Environment['names'] = name === undefined || value === undefined ? [] : [[name, value]];
    this.environment = { names, tensors: brought };
  }

  /** Adds a piece of the version before. */
  take(piece: Piece): void {
    const { body } = this;
    const { counted, after } = piece;
    if (counted !== undefined) body.counters.set(counted.name, counted.number);
    if (after !== piece.before) {
      for (const [name, compiled] of after.names) body.scope.names.set(name, compiled);
      for (const [name, slot] of after.tensors) body.tensors.set(name, slot);
    }
    this.environment = after;
    this.pieces.push(piece);
  }
}

type Joined = Pick<Program, 'instructions' | 'pieces' | 'choices' | 'choicePlaces' | 'regions'>;

export function joined(pieces: readonly Piece[]): Joined {
  const instructions: Instruction[] = [];
  const placed: PlacedPiece[] = [];
  const choices: Choice[] = [];
  const choicePlaces: Span[] = [];
  const regions: Region[] = [];
  for (const piece of pieces) {
    const start = instructions.length;
    for (const instruction of piece.instructions) instructions.push(instruction);
    for (const { statement, file, start: from, end: to, tensor } of piece.regions)
      regions.push({ statement, file, start: start + from, end: start + to, tensor });
    for (const { slot, node } of piece.made) {
      choices.push(slot.choice);
      choicePlaces.push(node);
    }
    const { uses, registers } = piece;
    placed.push({ start, end: instructions.length, uses, stamp: registers ?? piece });
  }
  return { instructions, pieces: placed, choices, choicePlaces, regions };
}

export function sameSlots(left: readonly TensorSlot[], right: readonly TensorSlot[]): boolean {
  return left.length === right.length && left.every((slot, index) => slot === right[index]);
}
