/**
 * What all parts of the parser share: looking at tokens, and reporting what is missing or too much without
 * giving up. A token that is not there is reported and treated as if it stood there; tokens that fit nowhere
 * are skipped up to the next `;`, line end or closing brace. Chevrotain's own recovery stays on underneath.
 */

import { EmbeddedActionsParser, EOF, tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import type { Identifier, Span, SyntaxProblem } from './ast.ts';
import { isPutIn } from './brackets.ts';
import { isDeclarationWord } from './lines.ts';
import * as t from './tokens.ts';
import { reservedWords } from './words.ts';

const reserved: ReadonlySet<string> = new Set(reservedWords);

/** What is put in between two items of a list. */
export const separator = ';';

/** A word that cannot be a name. */
export function isReserved({ image }: IToken): boolean {
  return reserved.has(image);
}

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Thrown out of the parser where mending each mistake would take quadratic time. */
export class TooManyMistakes extends Error {}

const elseMissing =
  'A value with `when` needs another for when that does not hold, as in `32 when stride == 2 else 16`. Write `else` and that value.';

/** Tokens ahead that are looked at as a matter of course. */
const nearby = 8;
/** A text full of mistakes is looked through this often; in one with few, mending is cheap. */
const looksPerToken = 8;
const fewLooks = 50_000;

export class BaseParser extends EmbeddedActionsParser {
  /** Length of the text, in UTF-16 code units. */
  protected textLength = 0;
  problems: SyntaxProblem[] = [];
  /** Bodies and lists that are open at the current token. */
  protected openBraces = 0;
  /** Worked out when first asked for, once for a text: a file full of stray braces asks at each of them. */
  private balances: ReadonlyMap<IToken, number> | undefined = undefined;

  /** How often this text may be looked through beyond the tokens at hand. */
  private looksAhead = Infinity;

  constructor(skipValidations: boolean) {
    super(t.allTokens, { recoveryEnabled: true, maxLookahead: 2, skipValidations });
  }

  /** Makes the parser ready for the tokens of another text. */
  load(tokens: IToken[], textLength: number): void {
    this.textLength = textLength;
    this.problems = [];
    this.openBraces = 0;
    this.balances = undefined;
    this.looksAhead = looksPerToken * tokens.length + fewLooks;
    this.input = tokens;
  }

  // ---------------------------------------------------------------- looking

  protected isNext(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  /** The next token ends a statement: separator, closing brace, end of text or a new declaration. */
  protected atStatementEnd(ahead = 1): boolean {
    const token = this.LA(ahead);
    return (
      tokenMatcher(token, t.Separator) ||
      token.tokenType === t.RBrace ||
      token.tokenType === EOF ||
      token.image === '' ||
      this.atDeclaration(ahead)
    );
  }

  /** The next token begins a declaration. `quantize` alone is also a layer. */
  protected atDeclaration(ahead = 1): boolean {
    const token = this.LA(ahead);
    if (!isDeclarationWord(token)) return false;
    return token.tokenType !== t.declare.quantize || !this.isQuantizeLayer(ahead);
  }

  protected atBodyEnd(): boolean {
    return this.LA(1).tokenType === t.RBrace || this.atListEnd();
  }

  /** No more items can come, with or without a closing brace. */
  protected atListEnd(): boolean {
    return this.LA(1).tokenType === EOF || this.atDeclaration();
  }

  /** `quantize` in a body is a layer unless a number format follows. */
  protected isQuantizeLayer(ahead: number): boolean {
    const next = this.LA(ahead + 1);
    if (next.tokenType === t.LBrace || next.tokenType === t.NumberToken) return false;
    if (!tokenMatcher(next, t.Identifier)) return true;
    return next.image === 'as' || next.image === 'from';
  }

  /** A value can begin with the token. */
  protected beginsValue(ahead: number): boolean {
    const token = this.LA(ahead);
    const type = token.tokenType;
    return (
      type === t.NumberToken ||
      type === t.Dimensions ||
      type === t.HalfDimensions ||
      type === t.LBrace ||
      tokenMatcher(token, t.Identifier) ||
      tokenMatcher(token, t.StringToken)
    );
  }

  /** No blank between the previous token and the next. */
  protected isAdjacent(ahead = 1): boolean {
    return endOf(this.LA(ahead - 1)) === this.LA(ahead).startOffset;
  }

  // ---------------------------------------------------------------- places

  /** Where the next token begins; the end of the text when there is none. */
  protected startHere(): number {
    const offset = this.LA(1).startOffset;
    return offset >= 0 ? offset : this.textLength;
  }

  /** Where the last token that was read ends. */
  protected endHere(): number {
    const token = this.LA(0);
    return token.startOffset >= 0 ? endOf(token) : 0;
  }

  protected missing(): { kind: 'missing'; start: number; end: number } {
    const at = this.endHere();
    return { kind: 'missing', start: at, end: at };
  }

  // ---------------------------------------------------------------- problems

  protected report(code: SyntaxProblem['code'], span: Span, message: string, insert?: string): void {
    this.problems.push({ code, start: span.start, end: span.end, message, insert });
  }

  /** Something should stand right behind the last token. */
  protected reportMissing(message: string, insert?: string): void {
    const start = this.endHere();
    const end = Math.min(start + 1, this.textLength);
    this.report('syntax/missing-token', { start, end }, message, insert);
  }

  /** The next token is out of place. */
  protected reportUnexpected(message: string): void {
    if (this.atStatementEnd()) this.reportMissing(message);
    else this.reportNext(message);
  }

  protected reportNext(message: string): void {
    const token = this.LA(1);
    this.report('syntax/unexpected-token', { start: token.startOffset, end: endOf(token) }, message);
  }

  /**
   * There are more mistakes in the declaration at hand than can be gone through. Reports them, and returns where
   * reading ended.
   */
  giveUp(): number {
    const start = Math.min(this.startHere(), this.textLength);
    const message =
      'There are too many mistakes up to here to read this declaration. Mend the first of them, or remove it.';
    this.report('syntax/unexpected-token', { start, end: Math.min(start + 1, this.textLength) }, message);
    return start;
  }

  /** Counts looks far ahead, for the next place at which reading can go on. */
  protected override LA(ahead: number): IToken {
    if (ahead > nearby && --this.looksAhead < 0) throw new TooManyMistakes();
    return super.LA(ahead);
  }

  // ---------------------------------------------------------------- reading what must be there

  /** Appends what a rule returned, unless it returned nothing. Does nothing while the grammar is recorded. */
  protected add<T>(list: T[], item: T | undefined): void {
    if (!this.RECORDING_PHASE && item !== undefined) list.push(item);
  }

  /** Reads a token that must stand here, or reports that it is missing and goes on as if it stood there. */
  protected need(index: number, type: TokenType, message: string, insert: string): IToken | undefined {
    if (this.RECORDING_PHASE || this.isNext(type)) {
      const token = this.consume(index, type);
      this.reportPutIn(token, message, insert);
      return token;
    }
    this.reportMissing(message, insert);
    return undefined;
  }

  /** Reports a bracket that was read although it is not written. */
  protected reportPutIn(token: IToken, message: string, insert: string): void {
    if (!this.RECORDING_PHASE && isPutIn(token)) this.reportMissing(message, insert);
  }

  /** Reads a name, or reports why there is none. `of` completes "Write the name of ...". */
  protected needName(index: number, of: string): Identifier | undefined {
    if (this.RECORDING_PHASE || this.isNext(t.Identifier))
      return identifier(this.consume(index, t.Identifier));
    const token = this.LA(1);
    if (token.tokenType === t.RepeatWord) {
      this.reportUnexpected(
        '`x` before a number repeats a layer, so it cannot be part of a name. Choose another name.',
      );
      this.SKIP_TOKEN();
      if (this.isNext(t.NumberToken)) this.SKIP_TOKEN();
    } else if (reserved.has(token.image) && !this.atDeclaration()) {
      this.reportUnexpected(`\`${token.image}\` is a reserved word. Choose another name for ${of}.`);
      this.SKIP_TOKEN();
    } else {
      this.reportMissing(`Write the name of ${of} here.`);
    }
    return undefined;
  }

  /**
   * Reads the bracket that closes `open`. When other tokens stand before it on the same line they are reported
   * and skipped; when it does not come at all, the opening bracket is reported.
   */
  protected close(index: number, type: TokenType, open: IToken | undefined): void {
    const bracket = type === t.RParen ? ')' : '}';
    if (this.RECORDING_PHASE || this.LA(1).tokenType === type) {
      const token = this.consume(index, type);
      if (open !== undefined && !this.RECORDING_PHASE && isPutIn(token)) this.reportUnclosed(open, bracket);
      return;
    }
    if (open === undefined) return;
    if (this.atStatementEnd() || this.LA(1).tokenType === t.LBrace) {
      this.reportUnclosed(open, bracket);
      return;
    }
    const between = type === t.RParen ? '`,` or `)`' : '`|` or `}`';
    if (this.LA(1).tokenType === t.keyword.when) this.reportWithoutElse(type);
    else
      this.reportUnexpected(
        `Expected ${between} but found \`${this.LA(1).image}\`. Close the bracket or separate the values.`,
      );
    let ahead = 1;
    while (!this.atStatementEnd(ahead) && this.LA(ahead).tokenType !== type) ahead++;
    if (this.LA(ahead).tokenType !== type || (type === t.RBrace && !this.closesHere(ahead))) return;
    for (let skip = 0; skip < ahead; skip++) this.SKIP_TOKEN();
  }

  /** The next token is a `when` behind a value that can have no condition but its own. */
  protected reportWithoutElse(closing?: TokenType): void {
    let ahead = 2;
    while (
      !this.atStatementEnd(ahead) &&
      ![closing, t.Bar, t.Comma, t.keyword.when].includes(this.LA(ahead).tokenType)
    )
      ahead++;
    const start = endOf(this.LA(ahead - 1));
    this.report(
      'syntax/missing-token',
      { start, end: Math.min(start + 1, this.textLength) },
      elseMissing,
      ' else 1',
    );
  }

  /** A `}` further along closes this bracket only if none opened in between does. */
  private closesHere(ahead: number): boolean {
    for (let index = 1; index < ahead; index++) if (this.LA(index).tokenType === t.LBrace) return false;
    return true;
  }

  /** Reads the `{` of a body or a list. */
  protected openBrace(message: string): IToken | undefined {
    const open = this.need(0, t.LBrace, message, ' {');
    if (open !== undefined) this.openBraces++;
    return open;
  }

  /** Reads the `}` of a body or a list that {@link openBrace} began. */
  protected closeBrace(open: IToken | undefined): void {
    if (open !== undefined) this.openBraces--;
    this.close(0, t.RBrace, open);
  }

  /**
   * How many closing braces are left over (or lacking, when negative) up to the next declaration, if every
   * brace that is open now is to be closed.
   */
  protected spareBraces(): number {
    this.balances ??= this.balancesAhead();
    return (this.balances.get(this.LA(1)) ?? 0) - this.openBraces;
  }

  /** For every token from here on: how many more `}` than `{` stand from it up to the next declaration. */
  private balancesAhead(): ReadonlyMap<IToken, number> {
    const ahead: IToken[] = [];
    const ends = new Set<IToken>();
    for (let token = this.LA(1); token.startOffset >= 0; token = this.LA(ahead.length + 1)) {
      ahead.push(token);
      if (this.atDeclaration(ahead.length)) ends.add(token);
    }
    const balances = new Map<IToken, number>();
    let balance = 0;
    for (const token of ahead.reverse()) {
      if (ends.has(token)) balance = 0;
      else if (token.tokenType === t.RBrace) balance++;
      else if (token.tokenType === t.LBrace) balance--;
      balances.set(token, balance);
    }
    return balances;
  }

  protected reportUnclosed(open: IToken, bracket: string): void {
    const sameLine = this.LA(0).startOffset >= open.startOffset && !this.crossesLine(open);
    if (sameLine) {
      this.reportMissing(`This \`${open.image}\` is not closed. Write \`${bracket}\` here.`, bracket);
      return;
    }
    this.report(
      'syntax/unclosed',
      { start: open.startOffset, end: endOf(open) },
      `This \`${open.image}\` is not closed. Write \`${bracket}\` where its contents end.`,
    );
  }

  /** Whether a separator was read since `open`. */
  private crossesLine(open: IToken): boolean {
    for (let back = 0; ; back--) {
      const token = this.LA(back);
      if (token.startOffset < 0 || token.startOffset <= open.startOffset) return false;
      if (token.tokenType === t.LineEnd) return true;
    }
  }

  /** Two items of a list on one line need a `;` between them. @param item what the items are */
  protected checkSeparated(item: string): void {
    const previous = this.LA(0);
    const type = previous.tokenType;
    if (previous.startOffset < 0 || type === t.LBrace || tokenMatcher(previous, t.Separator)) return;
    // It did not fit where it stands, which has been said.
    if (this.problems.at(-1)?.start === this.LA(1).startOffset) return;
    this.reportMissing(
      `Write \`;\` or start a new line between the ${item} and \`${this.LA(1).image}\`.`,
      separator,
    );
  }

  /** What to say of a declaration inside of another. */
  private misplacedWord(): string | undefined {
    const { tokenType, image } = this.LA(1);
    if (tokenType !== t.MisplacedWord) return undefined;
    return `\`${image}\` begins a declaration, which cannot stand inside these braces. Move it out of them.`;
  }

  /** What to say of a sign that stands behind an item on its line; `undefined` where an item was to begin. */
  private strayBehindItem(): string | undefined {
    const previous = this.LA(0);
    const next = this.LA(1);
    if (previous.startOffset < 0 || previous.tokenType === t.LBrace || tokenMatcher(previous, t.Separator)) {
      return undefined;
    }
    if (tokenMatcher(next, t.Separator)) return undefined;
    if (next.tokenType === t.Assign && this.LA(2).tokenType === t.Greater && this.isAdjacent(2))
      return 'Write `->` before the output.';
    if (next.tokenType === t.Bar && this.LA(2).tokenType === t.Bar && this.isAdjacent(2))
      return 'Write `or`.';
    if (next.tokenType === t.Bar) return 'Options stand in braces, as in `{8 | 16}`.';
    if (next.tokenType === t.Assign) {
      return '`=` gives a value to `let`, `tie` or an argument; write `==` to compare, and nothing before the value of a parameter.';
    }
    return `\`${next.image}\` does not fit behind \`${previous.image}\`. Remove it, or begin a new line before it.`;
  }

  /**
   * Skips what cannot be an item of a list, up to the next separator, to where `isItem`, or to the end of the list.
   * Returns whether the list goes on, so that the caller reads further items.
   */
  protected skipJunk(message: string, isItem?: () => boolean): boolean {
    if (this.RECORDING_PHASE || this.atBodyEnd()) return false;
    this.reportUnexpected(this.misplacedWord() ?? this.strayBehindItem() ?? message);
    let depth = 0;
    while (!this.atListEnd()) {
      const type = this.LA(1).tokenType;
      if (type === t.LBrace) depth++;
      else if (type === t.RBrace) {
        if (depth === 0) break;
        depth--;
      } else if (depth === 0 && tokenMatcher(this.LA(1), t.Separator)) break;
      this.SKIP_TOKEN();
      if (depth === 0 && isItem?.() === true) break;
    }
    return true;
  }
}

export function identifier(token: IToken): Identifier {
  return { kind: 'identifier', name: token.image, start: token.startOffset, end: endOf(token) };
}
