/**
 * The formatter. It changes only the blanks between tokens, one edit for each gap that is not as it should be,
 * and none on lines with a syntax problem or in a declaration whose brackets do not match.
 */

import { tokenMatcher, type IToken } from 'chevrotain';
import type { ParseResult, Span } from './ast.ts';
import { endOf } from './base.ts';
import { maxDepth, separateLines } from './lines.ts';
import { longestText, parse } from './parser.ts';
import { hasSpaceBetween } from './spacing.ts';
import * as t from './tokens.ts';
import { walk, type Node } from './walk.ts';

export interface FormatOptions {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** The edits that format a whole text, in ascending order, none overlapping. */
export function formatDocument(
  text: string,
  options: FormatOptions,
  parsed = parse(text),
): readonly TextEdit[] {
  return edits(text, options, parsed);
}

/** The edits that format the lines which `range` touches. */
export function formatRange(
  text: string,
  range: Span,
  options: FormatOptions,
  parsed = parse(text),
): readonly TextEdit[] {
  const start = lineStart(text, range.start);
  const end = lineEnd(text, range.end);
  return edits(text, options, parsed).filter(({ span }) => span.end >= start && span.end <= end);
}

/**
 * The edits after `typed` was entered just before `offset`: the line for `;`, the lines of the bracket for `}`,
 * the line before for a line end.
 */
export function formatOnType(
  text: string,
  offset: number,
  typed: string,
  options: FormatOptions,
  parsed = parse(text),
): readonly TextEdit[] {
  let range: Span = { start: offset, end: offset };
  if (typed === '\n') {
    const end = lineStart(text, offset) - 1;
    if (end < 0) return [];
    range = { start: end, end };
  } else if (typed === '}') {
    range = { start: openingOf(text, offset) ?? offset, end: offset };
  }
  return formatRange(text, range, options, parsed).filter(
    ({ span }) => span.end <= offset || span.start < range.end,
  );
}

/** The text with the edits made. */
export function applyEdits(text: string, list: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { span, text: inserted } of list) {
    result += text.slice(at, span.start) + inserted;
    at = span.end;
  }
  return result + text.slice(at);
}

// ---------------------------------------------------------------- the whole text

/** Blanks of one level of indentation, whatever a client asks for. */
const widestTab = 16;

interface Element extends Span {
  /** Comments have none. */
  readonly token: IToken | undefined;
  readonly image: string;
}

function edits(text: string, options: FormatOptions, parsed: ParseResult): readonly TextEdit[] {
  if (text.length > longestText) return [];
  const { elements, startsStatement } = read(text);
  const declared = new Set(parsed.file.declarations.map(({ start }) => start));
  const valueBraces = findValueBraces(parsed, elements);
  const frozen = new Parts(frozenParts(text, parsed, elements, declared));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = options.insertSpaces ? ' '.repeat(Math.min(Math.max(0, options.tabSize), widestTab)) : '\t';
  const indent = new Indent();
  const result: TextEdit[] = [];

  const change = (start: number, end: number, wanted: string): void => {
    if (text.slice(start, end) === wanted) return;
    if (frozen.touch(start, end)) {
      // The next line may still be indented when only the end of this one is to be left alone.
      const last = start + text.slice(start, end).lastIndexOf('\n') + 1;
      const indentation = wanted.slice(wanted.lastIndexOf('\n') + 1);
      if (last === start || frozen.touch(last, end) || text.slice(last, end) === indentation) return;
      result.push({ span: { start: last, end }, text: indentation });
      return;
    }
    result.push({ span: { start, end }, text: wanted });
  };

  let earlier: Element | undefined;
  let previous: Element | undefined;
  for (const element of elements) {
    const gap = text.slice(previous?.end ?? 0, element.start);
    const lines = gap.split('\n').length - 1;
    const isFirst = previous === undefined || lines > 0;
    const isOption = previous?.image === '{' && valueBraces.has(previous.start);
    if (declared.has(element.start)) indent.reset();
    const depth = indent.read(element, isFirst, !isOption && startsStatement.has(element.start));
    if (previous === undefined) change(0, element.start, '');
    else if (isFirst)
      change(previous.end, element.start, eol.repeat(Math.min(lines, 2)) + unit.repeat(depth));
    else
      change(
        previous.end,
        element.start,
        spaceBetween(earlier, previous, element, gap, valueBraces) ? ' ' : '',
      );
    earlier = previous;
    previous = element;
  }
  if (previous === undefined) change(0, text.length, '');
  else change(previous.end, text.length, eol);
  return result;
}

function read(text: string): { elements: Element[]; startsStatement: ReadonlySet<number> } {
  const lexed = t.lexer.tokenize(text);
  const comments = lexed.groups['comments'] ?? [];
  const elements: Element[] = [
    ...lexed.tokens.filter((token) => token.tokenType !== t.LineEnd).map((token) => elementOf(token, token)),
    ...comments.map(commentElement),
    ...lexed.errors.map((error) => ({
      start: error.offset,
      end: error.offset + error.length,
      token: undefined,
      image: text.slice(error.offset, error.offset + error.length),
    })),
  ].sort((a, b) => a.start - b.start);
  separateLines(lexed.tokens);
  const startsStatement = new Set<number>();
  let before: IToken | undefined;
  for (const token of lexed.tokens) {
    if (before === undefined || tokenMatcher(before, t.Separator) || before.tokenType === t.LBrace) {
      startsStatement.add(token.startOffset);
    }
    before = token;
  }
  return { elements, startsStatement };
}

function elementOf(token: IToken, kept: IToken | undefined): Element {
  return { start: token.startOffset, end: endOf(token), token: kept, image: token.image };
}

/** Blanks at the end of a line are none of the comment that stands there. */
function commentElement({ startOffset, image }: IToken): Element {
  const shown = image.trimEnd();
  return { start: startOffset, end: startOffset + shown.length, token: undefined, image: shown };
}

const valueChoices: ReadonlySet<Node['kind']> = new Set([
  'choiceExpression',
  'operatorChoice',
  'followerChoice',
]);

/** Where braces begin that hold values or operators to choose from, not statements or properties. */
function findValueBraces(parsed: ParseResult, elements: readonly Element[]): ReadonlySet<number> {
  const found = new Set<number>();
  walk(parsed.file, (node) => {
    if (valueChoices.has(node.kind)) found.add(node.start);
  });
  const open: { start: number; isValue: boolean }[] = [];
  let before: IToken | undefined;
  const closers = new Set<number>();
  for (const { token, start } of elements) {
    if (token === undefined) continue;
    if (token.tokenType === t.LBrace) {
      const isList = before?.tokenType === t.Feeds || before?.tokenType === t.declare.sparsity;
      if (isList) found.add(start);
      open.push({ start, isValue: found.has(start) });
    } else if (token.tokenType === t.RBrace && open.pop()?.isValue === true) closers.add(start);
    before = token;
  }
  return new Set([...found, ...closers]);
}

function spaceBetween(
  earlier: Element | undefined,
  a: Element,
  b: Element,
  gap: string,
  valueBraces: ReadonlySet<number>,
): boolean {
  // What is typed behind a string that nothing closes becomes a part of it.
  if (a.token?.tokenType === t.UnclosedString) return false;
  // Beside a comment there is a blank; beside characters that mean nothing, what there was.
  if (a.token === undefined || b.token === undefined) return gap !== '' || isComment(a) || isComment(b);
  const isTight =
    (a.token.tokenType === t.LBrace && valueBraces.has(a.start)) ||
    (b.token.tokenType === t.RBrace && valueBraces.has(b.start));
  return !isTight && hasSpaceBetween(earlier?.token, a.token, b.token, gap !== '');
}

function isComment(element: Element): boolean {
  return element.token === undefined && /^\/[/*]/.test(element.image);
}

/** Lines with a problem, and declarations whose brackets do not match. */
function frozenParts(
  text: string,
  parsed: ParseResult,
  elements: readonly Element[],
  declared: ReadonlySet<number>,
): readonly Span[] {
  const parts: Span[] = [];
  let line: Span | undefined;
  for (const { start, end } of parsed.problems) {
    // Problems come in the order of the text, and a long line may have many.
    if (line !== undefined && line.start <= start && end <= line.end) continue;
    line = { start: lineStart(text, start), end: lineEnd(text, Math.max(start, end - 1)) };
    parts.push(line);
  }
  if (parts.length === 0) return parts;
  let begin = 0;
  let depth = 0;
  let isBroken = false;
  const finish = (end: number): void => {
    if (isBroken || depth !== 0) parts.push({ start: begin, end });
    begin = end;
    depth = 0;
    isBroken = false;
  };
  for (const { token, start } of elements) {
    if (token === undefined) continue;
    if (declared.has(start)) finish(start);
    // What nests deeper than can be read is as it is: indented by depth it would grow without measure.
    if (token.tokenType === t.LBrace || token.tokenType === t.LParen) isBroken ||= ++depth > maxDepth;
    if (token.tokenType === t.RBrace || token.tokenType === t.RParen) isBroken ||= --depth < 0;
  }
  finish(text.length);
  return parts;
}

/** Parts of a text, joined where they touch, to be asked about in any order. */
class Parts {
  private readonly joined: Span[] = [];

  constructor(parts: readonly Span[]) {
    for (const part of [...parts].sort((a, b) => a.start - b.start)) {
      const last = this.joined[this.joined.length - 1];
      if (last === undefined || part.start > last.end) this.joined.push(part);
      else if (part.end > last.end)
        this.joined[this.joined.length - 1] = { start: last.start, end: part.end };
    }
  }

  /** Whether one of them has a place in common with `from`..`to`, ends included. */
  touch(from: number, to: number): boolean {
    let low = 0;
    let high = this.joined.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.joined[middle]?.end ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const first = this.joined[low];
    return first !== undefined && first.start <= to;
  }
}

/** How deep a line is indented: by the lines on which brackets are open, and one more when it continues another. */
class Indent {
  /** For every open bracket, the line it stands on, and how many lines have open ones up to there. */
  private readonly open: { readonly line: number; readonly depth: number }[] = [];
  private line = 0;
  /** Open lines where the current statement began. */
  private statementDepth = 0;

  /** A declaration begins: nothing is open, whatever was left open before it. */
  reset(): void {
    this.open.length = 0;
  }

  read(element: Element, isFirst: boolean, startsStatement: boolean): number {
    if (isFirst) this.line++;
    const type = element.token?.tokenType;
    const isCloser = type === t.RBrace || type === t.RParen;
    if (isCloser) this.open.pop();
    const depth = this.open[this.open.length - 1]?.depth ?? 0;
    if (startsStatement) this.statementDepth = depth;
    const continues =
      isFirst &&
      element.token !== undefined &&
      !startsStatement &&
      !isCloser &&
      type !== t.LBrace &&
      depth <= this.statementDepth;
    if (type === t.LBrace || type === t.LParen) {
      const isFurther = this.open[this.open.length - 1]?.line !== this.line;
      this.open.push({ line: this.line, depth: depth + (isFurther ? 1 : 0) });
    }
    return Math.min(depth, maxDepth) + (continues ? 1 : 0);
  }
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** The bracket that the `}` just before `offset` closes. */
function openingOf(text: string, offset: number): number | undefined {
  if (offset > longestText) return undefined;
  const open: number[] = [];
  for (const token of t.lexer.tokenize(text.slice(0, offset)).tokens) {
    if (token.tokenType === t.LBrace) open.push(token.startOffset);
    else if (token.tokenType === t.RBrace) {
      const start = open.pop();
      if (endOf(token) === offset) return start;
    }
  }
  return undefined;
}
