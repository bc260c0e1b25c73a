/**
 * Brackets that a person has not typed yet. Where the brackets of a declaration do not pair up, the indentation of
 * its lines tells which line lacks one, and the missing bracket is put there with an empty image: the parser reads
 * it as if it stood there and reports it, and every other line keeps its meaning. Where brackets pair up, nothing
 * is looked at twice; where indentation explains less than the brackets alone, nothing is put in.
 */

import type { IToken, TokenType } from 'chevrotain';
import { beginsDeclaration, indentOf, maxDepth } from './lines.ts';
import * as t from './tokens.ts';

/** Put in by {@link completeBrackets}, not written. */
export function isPutIn(token: IToken): boolean {
  return token.image === '' && token.startOffset >= 0;
}

interface Line {
  /** Blanks before its first token. */
  readonly indent: number;
  /** Index of its first token. */
  readonly first: number;
  /** Index behind its last token. */
  end: number;
}

interface Open {
  readonly isBrace: boolean;
  /** Holds values or operators to choose from, so that no `;` can stand in it. */
  isChoice: boolean;
  readonly line: Line;
}

interface Missing {
  /** Index of the token that it stands before. */
  readonly at: number;
  readonly type: TokenType;
}

/** The tokens with what is missing put in; the same array where nothing is. Tokens still have all line ends. */
export function completeBrackets(tokens: IToken[]): IToken[] {
  const missing: Missing[] = [];
  const tally = new Tally();
  let from = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (beginsDeclaration(tokens, index)) {
      if (tally.unpaired() > 0) complete(tokens, from, index, tally, missing);
      tally.reset();
      from = index;
    } else tally.read(token.tokenType);
  }
  if (tally.unpaired() > 0) complete(tokens, from, tokens.length, tally, missing);
  return missing.length === 0 ? tokens : withMissing(tokens, missing);
}

/** Pairs brackets without regard to lines. */
class Tally {
  private readonly open: TokenType[] = [];
  private lost = 0;
  /** Closing braces that nothing opened. */
  spareBraces = 0;
  deepest = 0;

  reset(): void {
    this.open.length = 0;
    this.lost = 0;
    this.spareBraces = 0;
    this.deepest = 0;
  }

  read(type: TokenType): void {
    if (type === t.LBrace || type === t.LParen) {
      this.open.push(type);
      if (this.open.length > this.deepest) this.deepest = this.open.length;
    } else if (type === t.RParen) {
      if (this.open[this.open.length - 1] === t.LParen) this.open.pop();
      else this.lost++;
    } else if (type === t.RBrace) {
      while (this.open[this.open.length - 1] === t.LParen) {
        this.open.pop();
        this.lost++;
      }
      if (this.open.pop() === undefined) {
        this.lost++;
        this.spareBraces++;
      }
    }
  }

  unpaired(): number {
    return this.lost + this.open.length;
  }
}

function complete(tokens: readonly IToken[], from: number, to: number, tally: Tally, into: Missing[]): void {
  if (tally.deepest > maxDepth) return;
  const reader = new RegionReader(tokens, from, to, tally.spareBraces);
  const missing = reader.read();
  // An open bracket can take the closing one of another, so that there may be two more than do not pair up.
  if (missing.length > tally.unpaired() + 2) return;
  // Those of one place stay in the order in which they were found: the innermost first.
  into.push(...missing.sort((a, b) => a.at - b.at));
}

function withMissing(tokens: readonly IToken[], missing: readonly Missing[]): IToken[] {
  const result: IToken[] = [];
  let next = 0;
  for (let index = 0; index <= tokens.length; index++) {
    for (; missing[next]?.at === index; next++) {
      const before = tokens[index - 1];
      const type = missing[next]?.type ?? t.RBrace;
      const offset = before === undefined ? 0 : before.startOffset + before.image.length;
      result.push({ image: '', startOffset: offset, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 });
    }
    const token = tokens[index];
    if (token !== undefined) result.push(token);
  }
  return result;
}

/** Goes through the lines of one declaration. */
class RegionReader {
  private readonly tokens: readonly IToken[];
  private readonly from: number;
  private readonly to: number;
  private readonly open: Open[] = [];
  private readonly lines: Line[] = [];
  private readonly missing: Missing[] = [];
  /** Closing braces whose opening one may be missing. */
  private spareBraces: number;

  constructor(tokens: readonly IToken[], from: number, to: number, spareBraces: number) {
    this.tokens = tokens;
    this.from = from;
    this.to = to;
    this.spareBraces = spareBraces;
  }

  read(): Missing[] {
    let indent = 0;
    let isFirst = true;
    for (let index = this.from; index < this.to; index++) {
      const token = this.tokens[index];
      if (token === undefined) break;
      if (token.tokenType === t.LineEnd) {
        indent = indentOf(token);
        isFirst = true;
        continue;
      }
      if (isFirst) {
        this.dedent(indent, index);
        this.lines.push({ indent, first: index, end: index });
        isFirst = false;
      }
      this.token(token, index);
      const line = this.line();
      if (line !== undefined) line.end = index + 1;
    }
    this.dedent(-1, this.to);
    const last = this.line();
    if (last !== undefined) while (this.open.length > 0) this.closeAt(last.end);
    return this.missing;
  }

  private line(): Line | undefined {
    return this.lines[this.lines.length - 1];
  }

  private top(): Open | undefined {
    return this.open[this.open.length - 1];
  }

  private closeAt(at: number): void {
    const top = this.open.pop();
    if (top !== undefined) this.missing.push({ at, type: top.isBrace ? t.RBrace : t.RParen });
  }

  /** Where a bracket of an earlier line was to be closed: behind its contents, which lie deeper than its line. */
  private closeBehindContents(top: Open): void {
    const last = top.isBrace && !top.isChoice ? this.line() : top.line;
    this.closeAt((last ?? top.line).end);
  }

  /** Closes what a line at `indent` that begins with the token at `index` cannot be inside of. */
  private dedent(indent: number, index: number): void {
    const next = this.tokens[index]?.tokenType;
    const closes = index < this.to && next === t.RBrace;
    for (;;) {
      const top = this.top();
      if (top === undefined) return;
      if (!top.isBrace) {
        if (indent > top.line.indent || next === t.RParen) {
          if (this.closesAhead(index)) return;
        }
        this.closeAt(top.line.end);
        continue;
      }
      // The braces of the declaration itself end with it.
      if (this.open.length === 1) return;
      if (closes && indent >= top.line.indent) {
        this.closeInner(top.line, index);
        return;
      }
      if (top.isChoice ? this.goesOnWithOptions(index, top.line.indent) : indent > top.line.indent) return;
      this.closeBehindContents(top);
    }
  }

  /** Of several braces that one line opens, the closing ones at `index` are those of the outermost. */
  private closeInner(line: Line, index: number): void {
    let closers = 0;
    while (index + closers < this.to && this.tokens[index + closers]?.tokenType === t.RBrace) closers++;
    const opened = this.open.filter((one) => one.line === line).length;
    for (let count = opened; count > closers; count--) this.closeAt(line.end);
  }

  /** Whether the `(` that is open is closed further on, before any brace or `;`. */
  private closesAhead(index: number): boolean {
    let depth = 0;
    for (let ahead = index; ahead < Math.min(this.to, index + 200); ahead++) {
      const type = this.tokens[ahead]?.tokenType;
      if (type === t.LParen) depth++;
      else if (type === t.RParen) {
        if (--depth < 0) return true;
      } else if (type === t.LBrace || type === t.RBrace || type === t.Semicolon) return false;
    }
    return false;
  }

  /** Whether the lines from `index` on hold further options of the choice that is open, and its `}`. */
  private goesOnWithOptions(index: number, indent: number): boolean {
    let depth = 0;
    for (let ahead = index; ahead < Math.min(this.to, index + 200); ahead++) {
      const type = this.tokens[ahead]?.tokenType;
      if (type === t.LBrace || type === t.LParen) depth++;
      else if (type === t.RParen) depth--;
      else if (type === t.RBrace) {
        if (--depth < 0) return indentOf(this.tokens[ahead - 1]) >= indent;
      } else if (depth > 0) continue;
      else if (type === t.Semicolon) return false;
      else if (type === t.LineEnd && !this.isBesideBar(ahead)) return false;
    }
    return false;
  }

  private isBesideBar(lineEnd: number): boolean {
    const after = this.tokens[lineEnd + 1]?.tokenType;
    return this.tokens[lineEnd - 1]?.tokenType === t.Bar || after === t.Bar || after === t.RBrace;
  }

  private token(token: IToken, index: number): void {
    const line = this.line();
    if (line === undefined) return;
    switch (token.tokenType) {
      case t.LBrace:
        this.open.push({ isBrace: true, isChoice: this.opensChoice(index), line });
        return;
      case t.LParen:
        this.open.push({ isBrace: false, isChoice: false, line });
        return;
      case t.RBrace:
        this.closingBrace(line, index);
        return;
      case t.RParen:
        this.closingParenthesis(line, index);
        return;
      case t.Bar: {
        const top = this.top();
        if (top !== undefined) top.isChoice = true;
        return;
      }
      case t.Semicolon:
        for (let top = this.top(); top !== undefined && (!top.isBrace || top.isChoice); top = this.top()) {
          this.closeAt(top.line === line ? index : top.line.end);
        }
        return;
      default:
    }
  }

  private closingBrace(line: Line, index: number): void {
    for (let top = this.top(); top !== undefined && !top.isBrace; top = this.top()) {
      this.closeAt(top.line === line ? index : top.line.end);
    }
    const top = this.top();
    if (
      line.first === index &&
      this.spareBraces > 0 &&
      (top === undefined || top.line.indent < line.indent)
    ) {
      const opener = this.lineToOpen(line.indent, top);
      if (opener !== undefined) {
        this.spareBraces--;
        this.missing.push({ at: opener.end, type: t.LBrace });
        return;
      }
    }
    this.open.pop();
  }

  /** The line above at the same indentation, with deeper lines in between, when it lacks its `{`. */
  private lineToOpen(indent: number, inside: Open | undefined): Line | undefined {
    for (let index = this.lines.length - 2; index >= 0; index--) {
      const line = this.lines[index];
      if (line === undefined || line === inside?.line || line.indent < indent) return undefined;
      if (line.indent === indent) return this.awaitsBrace(line) ? line : undefined;
    }
    return undefined;
  }

  private awaitsBrace({ first, end }: Line): boolean {
    const head = this.tokens[first];
    const last = this.tokens[end - 1];
    if (head === undefined || last === undefined || last.tokenType === t.LBrace) return false;
    if (first === this.from) return true;
    const type = head.tokenType;
    if (type === t.keyword.choice || type === t.keyword.branches) return true;
    // The label of an alternative.
    return end - first === 1 || last.tokenType === t.Colon;
  }

  private closingParenthesis(line: Line, index: number): void {
    const below = this.open.findLastIndex((one) => !one.isBrace);
    if (below < 0 || this.open[below]?.line !== line) return;
    while (this.open.length - 1 > below) this.closeAt(index);
    this.open.pop();
  }

  /** A brace behind a sign or a name of a body holds values; what opens a body or properties is not told yet. */
  private opensChoice(index: number): boolean {
    const before = this.tokens[index - 1];
    if (before === undefined || this.open.length === 0) return false;
    const type = before.tokenType;
    return (
      type === t.Assign ||
      type === t.Arrow ||
      type === t.RepeatWord ||
      type === t.Feeds ||
      type === t.Bar ||
      type === t.Comma ||
      type === t.LParen ||
      (type.CATEGORIES?.includes(t.BinaryOperator) ?? false)
    );
  }
}
