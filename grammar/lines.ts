/**
 * Which line ends separate statements. The rule looks only at the token before the line end and at the first
 * tokens after it, so that a bracket somebody has not closed yet cannot change the meaning of far-away lines.
 */

import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import * as t from './tokens.ts';
import { followerWords, functionWords, layerWords, parameterWords, rareParameterWords } from './words.ts';

/** After one of these a line goes on, unless the next line clearly begins a statement. */
const dangling = 1;
/** A line that begins with one of these continues the line above it. */
const continuing = 2;
/** Reserved words that begin a statement. */
const statement = 4;
/** Reserved words that begin a declaration. */
const declaration = 8;
/** Words whose `{` may stand on a line of its own. */
const opensBody = 16;
/** Declarations whose braces hold properties, not statements. */
const holdsProperties = 32;
/** What can only be a value. */
const literal = 64;
const arithmetic = 128;

const d = t.declare;
const k = t.keyword;

const flags = new Uint8Array(1 + Math.max(...t.allTokens.map((type) => type.tokenTypeIdx ?? 0)));
function mark(flag: number, types: readonly TokenType[]): void {
  for (const type of types) flags[type.tokenTypeIdx ?? 0] = (flags[type.tokenTypeIdx ?? 0] ?? 0) | flag;
}
const operators = [t.Plus, t.Minus, t.Times, t.Divide, t.Percent, t.DotDot];
const comparisons = [t.Equal, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual];
mark(arithmetic, [...operators, ...comparisons, k.and, k.or]);
mark(dangling, [...operators.filter((o) => o !== t.Percent), ...comparisons, k.and, k.or, k.not, k.else]);
mark(dangling, [t.Arrow, t.Bar, t.Colon, t.Comma, t.Feeds, t.LParen]);
mark(continuing, [...operators, ...comparisons, k.and, k.or, k.when, k.unless, k.else]);
mark(continuing, [t.Arrow, t.Bar, t.Comma, t.Feeds, t.RParen, t.Question, t.RepeatWord]);
mark(statement, [k.let, k.tie, k.require, k.choice, k.branches, k.skip, t.MisplacedWord]);
mark(declaration, Object.values(d));
mark(opensBody, [d.target, d.dataset, d.block, d.cell, d.space, d.constraints, d.objectives, d.search]);
mark(opensBody, [k.choice, k.branches]);
mark(holdsProperties, [d.target, d.dataset, d.constraints, d.objectives, d.search]);
mark(literal, [t.NumberToken, t.Dimensions, t.HalfDimensions, t.StringToken, t.UnclosedString]);

const comparisonTypes: ReadonlySet<TokenType> = new Set(comparisons);
function isComparison(type: TokenType): boolean {
  return comparisonTypes.has(type);
}

function flagsOf(token: IToken | undefined): number {
  return token === undefined ? 0 : (flags[token.tokenTypeIdx] ?? 0);
}

/** True for the reserved words that begin a declaration. */
export function isDeclarationWord(token: IToken): boolean {
  return (flagsOf(token) & declaration) !== 0;
}

/**
 * The token at `index` begins a declaration: it is first on its line, or behind a `;` or a brace. `quantize` is
 * also a layer, unless a number format follows.
 */
export function beginsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined || !isDeclarationWord(token)) return false;
  const before = tokens[index - 1];
  const isFirst = before === undefined || tokenMatcher(before, t.Separator) || before.tokenType === t.RBrace;
  if (!isFirst || token.tokenType !== d.quantize) return isFirst;
  const after = tokens[index + 1];
  if (after === undefined) return false;
  if (after.tokenType === t.LBrace || after.tokenType === t.NumberToken) return true;
  return tokenMatcher(after, t.Identifier) && after.image !== 'as' && after.image !== 'from';
}

/** The parser recurses into brackets; nobody writes more than this, and the stack can hold it. */
export const maxDepth = 64;

/**
 * Takes the lexer's tokens and drops, in place, every line end that does not separate statements: inside an
 * expression, after a comma, operator or `->`, before a follower or a named parameter, beside a brace, and
 * repeated ones. Brackets nested deeper than {@link maxDepth} are dropped too; the first is returned. Linear in
 * the number of tokens, but for the rest of a line behind `|`.
 */
export function separateLines(tokens: IToken[]): IToken | undefined {
  let kept = 0;
  let depth = 0;
  let tooDeep: IToken | undefined;
  /** The first token of the current statement, and the declaration it is in. */
  let first: IToken | undefined;
  let inProperties = false;
  /** Of the line that is read, and of the one on which the current statement began, while it is read. */
  let indent = 0;
  let statementIndent: number | undefined;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.tokenType === t.LineEnd) {
      const previous = kept > 0 ? tokens[kept - 1] : undefined;
      indent = indentOf(token);
      const isBelow = statementIndent !== undefined && indent <= statementIndent;
      statementIndent = undefined;
      if (
        !separates(tokens, index, previous, { first, inProperties, isBelow }) &&
        !isStrayColon(tokens, kept)
      )
        continue;
      first = undefined;
    } else if (token.tokenType === t.Semicolon || token.tokenType === t.LBrace) {
      first = undefined;
    } else if (first === undefined && token.tokenType !== t.RBrace) {
      first = token;
      if (!followerWords.has(token.image) && !parameterWords.has(token.image)) statementIndent = indent;
      if (isDeclarationWord(token)) inProperties = (flagsOf(token) & holdsProperties) !== 0;
    }
    if (token.tokenType === t.LBrace || token.tokenType === t.LParen) {
      if (++depth > maxDepth) {
        tooDeep ??= token;
        continue;
      }
    } else if (token.tokenType === t.RBrace || token.tokenType === t.RParen) {
      if (--depth >= maxDepth) continue;
      if (depth < 0) depth = 0;
    }
    tokens[kept++] = token;
  }
  tokens.length = kept;
  return tooDeep;
}

/** Blanks at the start of the line that begins behind the token; without limit when it ends none. */
export function indentOf(token: IToken | undefined): number {
  if (token?.tokenType !== t.LineEnd) return Infinity;
  const { image } = token;
  return image.length - 1 - Math.max(image.lastIndexOf('\n'), image.lastIndexOf('\r'));
}

/** What is known of the statement that a line end may separate from the next line. */
interface Unfinished {
  /** Its first token. */
  readonly first: IToken | undefined;
  readonly inProperties: boolean;
  /** It stands on one line, and the next is not indented deeper. */
  readonly isBelow: boolean;
}

/** A line that ends in a `:` without a label is not finished, but nothing belongs to it either. */
function isStrayColon(tokens: readonly IToken[], kept: number): boolean {
  if (tokens[kept - 1]?.tokenType !== t.Colon) return false;
  const label = tokens[kept - 2];
  return label === undefined || !tokenMatcher(label, t.Identifier);
}

function separates(
  tokens: readonly IToken[],
  index: number,
  previous: IToken | undefined,
  { first, inProperties, isBelow }: Unfinished,
): boolean {
  const next = tokens[index + 1];
  if (previous === undefined || next === undefined) return false;
  // Another line end follows when a comment stood between them.
  if (next.tokenType === t.LineEnd) return false;
  const before = previous.tokenType;
  if (before === t.LBrace || before === t.LineEnd || next.tokenType === t.RBrace) return false;
  if (before === t.Semicolon) return false;
  if (before === t.Assign) return !continuesAssignment(next, tokens[index + 2]);
  if (before === t.Bar) return !goesOnWithOptions(tokens, index + 1);
  if ((flagsOf(previous) & dangling) !== 0) return beginsStatement(tokens, index + 1, before, isBelow);
  if ((flagsOf(next) & continuing) !== 0) return false;
  if (next.tokenType === t.LBrace) {
    return before === t.RBrace || (flagsOf(first) & opensBody) === 0;
  }
  const isParameter = parameterWords.has(next.image) || rareParameterWords.has(next.image);
  if (!inProperties && isParameter && tokenMatcher(next, t.Identifier)) {
    return !beginsValue(tokens[index + 2]);
  }
  return true;
}

/** Whether the token at `index`, first on its line after an unfinished line, must begin a new statement. */
function beginsStatement(
  tokens: readonly IToken[],
  index: number,
  before: TokenType,
  isBelow: boolean,
): boolean {
  const next = tokens[index];
  const afterNext = tokens[index + 1];
  if (next === undefined) return false;
  const nextFlags = flagsOf(next);
  if ((nextFlags & declaration) !== 0) return true;
  if (before === t.Colon) return afterNext?.tokenType === t.Colon;
  if ((nextFlags & statement) !== 0) return true;
  if (before === t.Comma && !isBelow && opensFollowers(tokens, index)) return false;
  // What holds statements is no value.
  if (next.tokenType === t.LBrace && afterNext?.tokenType !== t.LBrace) {
    return beginsStatement(tokens, index + 1, next.tokenType, isBelow);
  }
  if (!tokenMatcher(next, t.Identifier)) return false;
  // Nobody compares twice: this is the next constraint.
  if (isComparison(before) && afterNext !== undefined && isComparison(afterNext.tokenType)) return true;
  const name = next.image;
  const isCall = afterNext?.tokenType === t.LParen;
  // `softmax` below `dense -> 12,` is a layer of its own, unless it is indented as what follows the comma.
  if (before === t.Comma && !isBelow && followerWords.has(name)) return false;
  if (isCall && functionWords.has(name)) return false;
  if (layerWords.has(name)) return true;
  if (isCall) return true;
  if (afterNext === undefined || afterNext.tokenType === t.LineEnd) return false;
  if (tokenMatcher(afterNext, t.Identifier)) return !parameterWords.has(afterNext.image);
  return (
    (flagsOf(afterNext) & literal) !== 0 ||
    afterNext.tokenType === t.Arrow ||
    afterNext.tokenType === t.Colon ||
    afterNext.tokenType === t.RepeatWord
  );
}

/** `{relu | hswish}` at the start of a line, behind a comma: a word that can follow, alone between `{` and `|` or with a value. */
function opensFollowers(tokens: readonly IToken[], index: number): boolean {
  const word = tokens[index + 1];
  if (tokens[index]?.tokenType !== t.LBrace || word === undefined) return false;
  if (!followerWords.has(word.image) && !layerWords.has(word.image)) return false;
  const value = (flagsOf(tokens[index + 2]) & literal) !== 0 ? 1 : 0;
  return tokens[index + 2 + value]?.tokenType === t.Bar;
}

/**
 * After a `|` at the end of a line: the next line holds further options if it has a `|` or the closing brace
 * itself, or one of them begins the line after it. Otherwise the choice was left unfinished.
 */
function goesOnWithOptions(tokens: readonly IToken[], from: number): boolean {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    const type = tokens[index]?.tokenType;
    if (type === t.LBrace || type === t.LParen) depth++;
    else if (type === t.RParen) depth--;
    else if (type === t.RBrace) {
      if (--depth < 0) return true;
    } else if (type === t.Bar && depth === 0) return true;
    else if (type === t.Semicolon) return false;
    else if (type === t.LineEnd) {
      const after = tokens[index + 1]?.tokenType;
      return after === t.Bar || after === t.RBrace;
    }
  }
  return false;
}

function continuesAssignment(next: IToken, afterNext: IToken | undefined): boolean {
  if ((flagsOf(next) & literal) !== 0) return true;
  if (next.tokenType === t.LParen || next.tokenType === t.Minus || next.tokenType === k.not) return true;
  if (next.tokenType === t.LBrace) {
    return (
      afterNext !== undefined && ((flagsOf(afterNext) & literal) !== 0 || functionWords.has(afterNext.image))
    );
  }
  if (!tokenMatcher(next, t.Identifier) || afterNext === undefined) return false;
  if (afterNext.tokenType === t.LParen) return functionWords.has(next.image);
  return (flagsOf(afterNext) & arithmetic) !== 0;
}

function beginsValue(token: IToken | undefined): boolean {
  if (token === undefined) return false;
  if ((flagsOf(token) & literal) !== 0) return true;
  const type = token.tokenType;
  return type === t.LBrace || type === t.LParen || type === t.Minus || tokenMatcher(token, t.Identifier);
}
