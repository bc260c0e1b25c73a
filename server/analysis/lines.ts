/**
 * Offsets to line and character and back. The tree counts UTF-16 code units from the start of the text; a client
 * counts characters of a line in the encoding that was negotiated (LSP 3.17 `general.positionEncodings`). This is
 * the only place that knows both.
 */

import type { Position, Range, TextEdit } from 'vscode-languageserver-types';
import type { Span } from '../../grammar/ast.ts';

export type PositionEncoding = 'utf-16' | 'utf-8';

const lineFeed = 10;
const carriageReturn = 13;
const firstNonAscii = 0x80;

/** The line starts of one version of a text. */
export class Lines {
  readonly text: string;
  readonly encoding: PositionEncoding;
  /** Offset at which each line starts; the first is 0. */
  readonly #starts: readonly number[];

  constructor(text: string, encoding: PositionEncoding = 'utf-16') {
    this.text = text;
    this.encoding = encoding;
    this.#starts = lineStarts(text);
  }

  /** Zero-based line that holds `offset`; offsets outside the text are moved to its nearest end. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Offset of the first character of a line; the text's end for lines past it. */
  startOf(line: number): number {
    return line < 0 ? 0 : (this.#starts[line] ?? this.text.length);
  }

  /** Offset after the last character of a line, its line break excluded. */
  endOf(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.text.length;
    let end = next - 1;
    if (end > this.startOf(line) && this.text.charCodeAt(end - 1) === carriageReturn) end--;
    return end;
  }

  positionAt(offset: number): Position {
    const clamped = Math.min(Math.max(offset, 0), this.text.length);
    const line = this.lineAt(clamped);
    const start = this.startOf(line);
    const character = this.encoding === 'utf-16' ? clamped - start : utf8Length(this.text, start, clamped);
    return { line, character };
  }

  /** Positions past the end of a line or of the text mean that end, as LSP demands. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.text.length;
    const start = this.startOf(position.line);
    const end = this.endOf(position.line);
    if (this.encoding === 'utf-16') return Math.min(start + Math.max(position.character, 0), end);
    return utf8Advance(this.text, start, end, position.character);
  }

  range(span: Span): Range {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }

  /** Edits as LSP sends them. */
  edits(edits: readonly { readonly span: Span; readonly text: string }[]): TextEdit[] {
    return edits.map(({ span, text }) => ({ range: this.range(span), newText: text }));
  }

  span(range: Range): Span {
    const start = this.offsetAt(range.start);
    return { start, end: Math.max(start, this.offsetAt(range.end)) };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (!text.includes('\r')) return starts;
  // A carriage return alone also ends a line in LSP.
  return loneReturns(text);
}

function loneReturns(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed))
      starts.push(at + 1);
  }
  return starts;
}

/** Bytes of a code point in UTF-8. */
function utf8Bytes(codePoint: number): number {
  if (codePoint < firstNonAscii) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const codePoint = text.codePointAt(at) ?? 0;
    bytes += utf8Bytes(codePoint);
    if (codePoint >= 0x10000) at++;
  }
  return bytes;
}

function utf8Advance(text: string, start: number, end: number, bytes: number): number {
  let at = start;
  let seen = 0;
  while (at < end && seen < bytes) {
    const codePoint = text.codePointAt(at) ?? 0;
    seen += utf8Bytes(codePoint);
    at += codePoint >= 0x10000 ? 2 : 1;
  }
  return at;
}
