/**
 * Strings and block comments, found by hand. As regular expressions they overflow the stack on texts of some megabytes,
 * and take quadratic time where many begin and none ends: what was looked for in vain is remembered here instead.
 */

import type { CustomPatternMatcherReturn } from 'chevrotain';

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** `{`, `}`, `(`, `)`, `;`, `,`: where brackets or separators resume. */
const resuming: ReadonlySet<number> = new Set([0x7b, 0x7d, 0x28, 0x29, 0x3b, 0x2c]);

/** The line of the last string without an end. Whatever begins further on in it has none either. */
let unclosed = { text: '', from: 0, to: 0 };

/** `"…"` with escapes, on one line. */
export function closedString(text: string, offset: number): CustomPatternMatcherReturn | null {
  if (text.charCodeAt(offset) !== quote) return null;
  if (unclosed.text !== text) unclosed = { text, from: 0, to: 0 };
  // Comparing a text with itself takes no time, with an equal copy a long one.
  unclosed.text = text;
  if (unclosed.from <= offset && offset < unclosed.to) return null;
  let at = offset + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return [text.slice(offset, at + 1)];
    if (isLineEnd(code)) break;
    if (code === backslash && !isLineEnd(text.charCodeAt(at + 1))) at++;
  }
  unclosed = { text, from: offset, to: Math.min(at, text.length) };
  return null;
}

/** A string whose closing quote is missing, up to where brackets or separators resume or the line ends. */
export function unclosedString(text: string, offset: number): CustomPatternMatcherReturn | null {
  if (text.charCodeAt(offset) !== quote) return null;
  let at = offset + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote || isLineEnd(code) || resuming.has(code)) break;
    if (code !== backslash) continue;
    if (at + 1 >= text.length || isLineEnd(text.charCodeAt(at + 1))) break;
    at++;
  }
  return [text.slice(offset, at)];
}

function isLineEnd(code: number): boolean {
  return code === lineFeed || code === carriageReturn;
}

/** Where a sign stands next; looked for again only behind the place that was found last. */
class NextPlace {
  private readonly sign: string;
  private text = '';
  private from = 0;
  private found = -1;

  constructor(sign: string) {
    this.sign = sign;
  }

  /** The first place at or behind `from`; the end of the text when there is none. */
  after(text: string, from: number): number {
    const isKnown = text === this.text;
    this.text = text;
    if (!isKnown || from < this.from || from > this.found) {
      const found = text.indexOf(this.sign, from);
      this.from = from;
      this.found = found === -1 ? text.length : found;
    }
    return this.found;
  }
}

const commentEnds = new NextPlace('*/');
const commentStarts = new NextPlace('/*');

/** A block comment that is closed before another one begins. */
export function blockComment(text: string, offset: number): CustomPatternMatcherReturn | null {
  if (!text.startsWith('/*', offset)) return null;
  const inside = offset + 2;
  const end = commentEnds.after(text, inside);
  if (end === text.length || commentStarts.after(text, inside) < end) return null;
  return [text.slice(offset, end + 2)];
}
