/**
 * A program as a row of pieces, one for each statement of the space, kept from one version of a text to the next.
 * A piece is the same as long as its statement and the blocks that it reaches are the same nodes with the same
 * text, and whatever it takes from the statements before it (names, choices already drawn, numbering) has not
 * changed. Writing only the others, and giving only those whose surroundings differ their registers anew, is what
 * makes a keystroke cost by what it touches and not by the length of the space.
 */

import type { BlockDeclaration, Span, Statement } from '../../../grammar/ast.ts';
import type { PieceRegisters } from './allocate.ts';
import type { Compiled } from './compile.ts';
import type { Written } from './emitter.ts';
import type { FileScope } from './file-scope.ts';
import type { Instruction } from './instructions.ts';
import type { Slot, TensorSlot } from './slots.ts';

/** A name that was looked up among the blocks of a file. */
export interface Lookup {
  readonly file: string;
  readonly name: string;
  readonly found: { readonly declaration: BlockDeclaration; readonly source: Excerpt } | undefined;
}

/** A node's text, and where it stood when that was last looked at. */
export interface Excerpt {
  readonly file: string;
  text: string;
  start: number;
  line: number;
}

export function excerpt(node: Span, scope: FileScope): Excerpt {
  const { file, text } = scope;
  return {
    file,
    text: text.slice(node.start, node.end),
    start: node.start,
    line: scope.sourceOf(node).line,
  };
}

/**
 * Names and tensors that the statements so far have brought into the space; a new object whenever they change. It holds
 * only what the last of them brought: a thousand ties would otherwise be listed a thousand times.
 */
export interface Environment {
  readonly names: readonly (readonly [name: string, value: Compiled])[];
  readonly tensors: readonly (readonly [name: string, slot: TensorSlot])[];
}

export interface Piece extends Written {
  readonly source: Excerpt | undefined;
  readonly lookups: readonly Lookup[];
  readonly before: Environment;
  readonly after: Environment;
  /** The name under which the statement was numbered, and its number. */
  readonly counted: { readonly name: string; readonly number: number } | undefined;
  /** What an `output` in it puts out. */
  readonly outputs: readonly TensorSlot[] | undefined;
  readonly uses: readonly SlotUse[];
  /** See `allocate.ts`; a new object whenever instructions or registers are others. */
  registers: PieceRegisters | undefined;
}

/** Where a piece uses a slot, counted from its first instruction. */
export interface SlotUse {
  readonly slot: Slot;
  readonly first: number;
  readonly last: number;
}

/** In the order of the first use. */
export function usesOf(instructions: readonly Instruction[]): readonly SlotUse[] {
  const uses = new Map<Slot, { slot: Slot; first: number; last: number }>();
  const use = (slot: Slot, at: number): void => {
    const known = uses.get(slot);
    if (known === undefined) uses.set(slot, { slot, first: at, last: at });
    else known.last = at;
  };
  for (let at = 0; at < instructions.length; at++) {
    const instruction = instructions[at];
    if (instruction === undefined) continue;
    for (const slot of instruction.reads) use(slot, at);
    if (instruction.writes !== undefined) use(instruction.writes, at);
  }
  return [...uses.values()];
}

/**
 * The files that a piece was made from, as they are now, or `undefined` when one of them says something else. Notes
 * where everything stands now: {@link placeAgain} has to follow if that is elsewhere.
 */
export function scopesNow(piece: Piece, statement: Statement, home: FileScope): ScopesNow | undefined {
  const scopes = new ScopesNow(home);
  if (piece.source === undefined || !scopes.agree(home, statement, piece.source)) return undefined;
  for (const { file, name, found } of piece.lookups) {
    const entry = scopes.of(file)?.blocks.get(name);
    if (entry?.declaration !== found?.declaration) return undefined;
    if (entry === undefined || found === undefined) continue;
    if (entry.scope.file !== found.source.file) return undefined;
    if (!scopes.agree(entry.scope, entry.declaration, found.source)) return undefined;
  }
  return scopes;
}

class ScopesNow {
  private readonly home: FileScope;
  private others: Map<string, FileScope> | undefined;
  /** Something stands elsewhere than it did. */
  moved = false;

  constructor(home: FileScope) {
    this.home = home;
  }

  of(file: string): FileScope | undefined {
    return file === this.home.file ? this.home : this.others?.get(file);
  }

  /** Whether the node reads as it did. Blanks count: the options of a choice are shown as they are written. */
  agree(scope: FileScope, node: Span, source: Excerpt): boolean {
    const text = scope.text.slice(node.start, node.end);
    if (text !== source.text) return false;
    const { line } = scope.sourceOf(node);
    this.moved ||= node.start !== source.start || line !== source.line;
    // The old text would keep the whole old file in memory.
    source.text = text;
    source.start = node.start;
    source.line = line;
    if (scope !== this.home) (this.others ??= new Map<string, FileScope>()).set(scope.file, scope);
    return true;
  }
}

/** Writes into a piece where things stand now. */
export function placeAgain(piece: Piece, scopes: ScopesNow): void {
  for (const instruction of piece.instructions) {
    if (instruction.kind !== 'layer' && instruction.kind !== 'require') continue;
    const { source, statement } = instruction;
    instruction.source = scopes.of(source.file)?.sourceOf(statement) ?? source;
  }
  for (const { slot, file, node } of piece.made) {
    const source = scopes.of(file)?.sourceOf(node);
    if (source !== undefined) slot.choice = { ...slot.choice, source };
  }
}
