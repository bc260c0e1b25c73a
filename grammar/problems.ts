/** The last step of parsing: from everything that went wrong to what a person should read. */

import type { IRecognitionException } from 'chevrotain';
import type { SyntaxProblem } from './ast.ts';

/**
 * Sorts problems and keeps the first of every line: what follows it there is mostly its consequence, and shows
 * up again once it is mended. `exceptions` are Chevrotain's own, for what the grammar did not foresee.
 */
export function settleProblems(
  text: string,
  problems: SyntaxProblem[],
  exceptions: readonly IRecognitionException[],
): readonly SyntaxProblem[] {
  if (problems.length === 0 && exceptions.length === 0) return [];
  for (const { token } of exceptions) {
    const known = token.startOffset >= 0;
    problems.push({
      code: 'syntax/unexpected-token',
      start: known ? token.startOffset : text.length,
      end: known ? token.startOffset + token.image.length : text.length,
      message: known
        ? `\`${token.image.trim() || 'This line end'}\` cannot stand here. Finish what comes before it, or remove it.`
        : 'The text ends in the middle of a declaration. Finish it.',
      insert: undefined,
    });
  }
  problems.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: SyntaxProblem[] = [];
  let lineEnd = -1;
  for (const problem of problems) {
    if (problem.start <= lineEnd) continue;
    const start = Math.max(0, Math.min(problem.start, text.length));
    const end = Math.max(start, Math.min(problem.end, text.length));
    kept.push(start === problem.start && end === problem.end ? problem : { ...problem, start, end });
    const newline = text.indexOf('\n', start);
    lineEnd = newline < 0 ? text.length : newline;
  }
  return kept;
}
