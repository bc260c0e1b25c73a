/**
 * Declaration words inside the braces of a declaration, such as `space` where a layer is being typed or a block in the
 * body of another. Taken for declarations they would cut in two what is around them; so they become words that fit
 * nowhere, and the parser reports them where they stand. Indentation tells them from declarations that follow a body
 * that was left open.
 */

import type { IToken } from 'chevrotain';
import { beginsDeclaration, indentOf, isDeclarationWord } from './lines.ts';
import * as t from './tokens.ts';

/** Marks them in place. `tokens` still have all line ends. */
export function markMisplaced(tokens: readonly IToken[]): void {
  /** Brackets that are open in the current declaration. */
  let depth = 0;
  let indent = 0;
  let declarationIndent = 0;
  let isOnItsLine = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    const type = token.tokenType;
    if (type === t.LineEnd) {
      indent = indentOf(token);
      isOnItsLine = false;
    } else if (type === t.LBrace || type === t.LParen) depth++;
    else if (type === t.RBrace || type === t.RParen) depth = Math.max(0, depth - 1);
    else if (isDeclarationWord(token)) {
      const begins = beginsDeclaration(tokens, index);
      // `quantize` is a layer too.
      if (!begins && type === t.declare.quantize) continue;
      const isInside = depth > 0 && (!begins || isOnItsLine || indent > declarationIndent);
      if (isInside) {
        token.tokenType = t.MisplacedWord;
        token.tokenTypeIdx = t.MisplacedWord.tokenTypeIdx ?? 0;
      } else if (begins) {
        depth = 0;
        declarationIndent = indent;
        isOnItsLine = true;
      }
    }
  }
}
