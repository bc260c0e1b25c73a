/** Whether a blank stands between two tokens of one line. */

import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import * as t from './tokens.ts';
import { unitWords } from './words.ts';

const noSpaceBefore = new Set<TokenType>([t.Semicolon, t.Comma, t.RParen, t.Colon, t.DotDot]);
const noSpaceAfter = new Set<TokenType>([t.LParen, t.DotDot, t.RepeatWord]);

/**
 * `a` and `b` stand next to each other; `earlier` is the token before `a`, which tells a sign from a
 * subtraction. `had` is whether a blank stands there now; it is kept where it has a meaning.
 */
export function hasSpaceBetween(earlier: IToken | undefined, a: IToken, b: IToken, had: boolean): boolean {
  const before = a.tokenType;
  const after = b.tokenType;
  if (noSpaceBefore.has(after) || noSpaceAfter.has(before)) return false;
  if (before === t.Minus && (earlier === undefined || beginsOperand(earlier))) return false;
  // `conv (k + 2)` and `conv(a)` differ.
  if (after === t.LParen && tokenMatcher(a, t.Identifier)) return had;
  if (before === t.Colon && after === t.NumberToken) return had;
  // A word that is no known unit is one only when it stands close.
  if (before === t.NumberToken && tokenMatcher(b, t.Identifier)) return had || unitWords.has(b.image);
  if (before === t.NumberToken && after === t.Percent) return had;
  return true;
}

function beginsOperand(token: IToken): boolean {
  const type = token.tokenType;
  return (
    tokenMatcher(token, t.BinaryOperator) ||
    [t.LParen, t.LBrace, t.Bar, t.Comma, t.Assign, t.Arrow, t.DotDot, t.keyword.not].includes(type)
  );
}
