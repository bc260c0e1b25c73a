/** The last step of parsing: from everything that went wrong to what a person should read. */

import type { IRecognitionException, IToken } from 'chevrotain';
import type { SyntaxProblem } from './ast.ts';
import { separator } from './base.ts';
import * as t from './tokens.ts';

/**
 * Sorts problems and keeps the first of every statement and every option on a line: what follows it there is mostly
 * its consequence, and shows up again once it is mended; what stands behind the next `;` or `|` is not.
 * `exceptions` are Chevrotain's own, for what the grammar did not foresee.
 */
export function settleProblems(
  text: string,
  tokens: readonly IToken[],
  problems: SyntaxProblem[],
  exceptions: readonly IRecognitionException[],
): readonly SyntaxProblem[] {
  if (problems.length === 0 && exceptions.length === 0) return [];
  for (const { token } of exceptions) problems.push(unforeseen(text, tokens, token));
  problems.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: SyntaxProblem[] = [];
  const parts = new Parts(tokens);
  /** Where the line of the last one that was kept ends: looked for once, as a long line may have many problems. */
  let lineEnd = -1;
  for (const problem of problems) {
    const start = Math.max(0, Math.min(problem.start, text.length));
    const end = Math.max(start, Math.min(problem.end, text.length));
    const last = kept[kept.length - 1];
    if (last !== undefined && problem.start <= lineEnd && isConsequence(last, problem, parts)) continue;
    if (problem.start > lineEnd) lineEnd = endOfLine(text, problem.start);
    kept.push(start === problem.start && end === problem.end ? problem : { ...problem, start, end });
  }
  return kept;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? Infinity : end;
}

/** Whether a problem follows from the one before it on its line. */
function isConsequence(before: SyntaxProblem, problem: SyntaxProblem, parts: Parts): boolean {
  if (before.insert === separator && problem.insert === separator) return false;
  // `[a | b]` is one mistake.
  const isPair =
    before.code === 'syntax/unexpected-character' && problem.code === 'syntax/unexpected-character';
  return !parts.divide(before, problem.start, isPair);
}

function unforeseen(text: string, tokens: readonly IToken[], { startOffset, image }: IToken): SyntaxProblem {
  if (startOffset >= 0 && image !== '') {
    const shown = image.trim() || 'This line end';
    return {
      code: 'syntax/unexpected-token',
      start: startOffset,
      end: startOffset + image.length,
      message: `\`${shown}\` cannot stand here. Finish what comes before it, or remove it.`,
      insert: undefined,
    };
  }
  const last = tokens[tokens.length - 1];
  const start =
    startOffset >= 0 ? startOffset : last === undefined ? 0 : last.startOffset + last.image.length;
  return {
    code: 'syntax/missing-token',
    start,
    end: Math.min(start + 1, text.length),
    message: 'This ends in the middle. Finish it.',
    insert: undefined,
  };
}

/** Where `;` and `|` divide a line. Asked for places in ascending order. */
class Parts {
  private readonly tokens: readonly IToken[];
  private next = 0;

  constructor(tokens: readonly IToken[]) {
    this.tokens = tokens;
  }

  /** Whether one of them, or a `;` if only that counts, stands behind what `before` is about and in front of `place`. */
  divide(before: SyntaxProblem, place: number, onlySemicolons: boolean): boolean {
    for (; ; this.next++) {
      const token = this.tokens[this.next];
      if (token === undefined || token.startOffset >= place) return false;
      if (token.startOffset < before.start) continue;
      if (token.tokenType === t.Semicolon || (token.tokenType === t.Bar && !onlySemicolons)) return true;
    }
  }
}
