/** From a text to the tokens that the parser reads, and what is wrong with single characters. */

import { tokenMatcher, type ILexingError, type IToken } from 'chevrotain';
import type { SyntaxProblem } from './ast.ts';
import { endOf } from './base.ts';
import { completeBrackets } from './brackets.ts';
import { maxDepth, separateLines } from './lines.ts';
import { markMisplaced } from './misplaced.ts';
import * as t from './tokens.ts';

/** The tokens that the parser sees, comments apart. */
export function tokenize(text: string): { tokens: IToken[]; comments: IToken[]; problems: SyntaxProblem[] } {
  const lexed = t.lexer.tokenize(text);
  const foreign = lexed.errors.length === 0 ? undefined : joinForeignWords(text, lexed.tokens, lexed.errors);
  markMisplaced(lexed.tokens);
  const tokens = completeBrackets(lexed.tokens);
  const tooDeep = separateLines(tokens);
  const problems = lexed.errors.map(({ offset, length }): SyntaxProblem => {
    const end = Math.min(offset + length, text.length);
    const written = text.slice(offset, end);
    const word = foreign?.get(offset);
    return {
      code: 'syntax/unexpected-character',
      start: word?.startOffset ?? offset,
      end: word === undefined ? end : endOf(word),
      message:
        word === undefined
          ? foreignSign(text, offset, written)
          : `Names are made of the letters a to z, digits and \`_\`, and \`${word.image}\` is not. Write it with these.`,
      insert: undefined,
    };
  });
  if (tooDeep !== undefined) {
    problems.push({
      code: 'syntax/unexpected-token',
      start: tooDeep.startOffset,
      end: endOf(tooDeep),
      message: `Brackets nest deeper than ${maxDepth} levels here. Close some of them, or move parts into a block.`,
      insert: undefined,
    });
  }
  return { tokens, comments: lexed.groups['comments'] ?? [], problems };
}

/** Signs of other languages, and what is written instead. */
const instead: Readonly<Record<string, string>> = {
  '&&': 'Write `and`.',
  '&': 'Write `and`.',
  '||': 'Write `or`.',
  '!': 'Write `not`.',
  '#': 'A comment begins with `//`.',
  "'": 'A text stands in double quotes.',
  '[': 'Options stand in braces, as in `{8 | 16}`.',
  ']': 'Options stand in braces, as in `{8 | 16}`.',
};

function foreignSign(text: string, offset: number, written: string): string {
  const fraction = /^\.[0-9]+/.exec(text.slice(offset, offset + 20))?.[0];
  if (fraction !== undefined && !/\d/.test(text[offset - 1] ?? ''))
    return `A number begins with a digit. Write \`0${fraction}\`.`;
  return `\`${written}\` has no meaning here. ${instead[written] ?? 'Remove it.'}`;
}

/**
 * Joins letters of other alphabets with the letters around them to one name each, so that a name with an accent is
 * one mistake and not three. Returns these names by the places of their errors.
 */
function joinForeignWords(
  text: string,
  tokens: IToken[],
  errors: readonly ILexingError[],
): ReadonlyMap<number, IToken> {
  const words = new Map<number, IToken>();
  const joined: IToken[] = [];
  let next = 0;
  for (const { offset, length } of errors) {
    for (
      let token = tokens[next];
      token !== undefined && token.startOffset < offset;
      token = tokens[++next]
    ) {
      joined.push(token);
    }
    const written = text.slice(offset, offset + length);
    if (!/^[\p{L}\p{M}\p{N}]+$/u.test(written)) continue;
    const before = joined[joined.length - 1];
    let word: IToken | undefined;
    if (before !== undefined && tokenMatcher(before, t.Identifier) && endOf(before) === offset) {
      joined.pop();
      word = named(before.image + written, before.startOffset);
    } else word = named(written, offset);
    const after = tokens[next];
    if (after !== undefined && tokenMatcher(after, t.Identifier) && after.startOffset === offset + length) {
      word.image += after.image;
      next++;
    }
    joined.push(word);
    words.set(offset, word);
  }
  for (let token = tokens[next]; token !== undefined; token = tokens[++next]) joined.push(token);
  tokens.length = 0;
  for (const token of joined) tokens.push(token);
  return words;
}

function named(image: string, startOffset: number): IToken {
  return { image, startOffset, tokenType: t.Identifier, tokenTypeIdx: t.Identifier.tokenTypeIdx ?? 0 };
}
