/**
 * A choice written in place is drawn afresh wherever it stands. This gives it a name with `tie`, so that one
 * draw serves the whole space and other layers can read it.
 */

import { CodeActionKind } from 'vscode-languageserver-types';
import type { RangeExpression, Span } from '../../../grammar/ast.ts';
import type { Snapshot } from '../../analysis/snapshot.ts';
import { nearest, walk } from '../../../grammar/index.ts';
import type { Refactoring } from '../code-actions.ts';
import { freshName } from './fresh-name.ts';

export function choiceToTie(snapshot: Snapshot, span: Span): Refactoring | undefined {
  const path = snapshot.path(span.start);
  const choice = nearest(path, 'choiceExpression') ?? nearest(path, 'range');
  const home = nearest(path, 'space') ?? nearest(path, 'block');
  if (choice === undefined || home === undefined) return undefined;
  if (choice.kind === 'range' && isBoundedByName(choice)) return undefined;
  // A `let` already names it: there the word alone is changed.
  const named = nearest(path, 'let');
  if (named !== undefined) {
    if (named.word === 'tie' || named.value !== choice) return undefined;
    return {
      title: 'Draw once for the whole space: change `let` to `tie`',
      kind: CodeActionKind.RefactorRewrite,
      edits: [{ span: { start: named.start, end: named.start + 'let'.length }, text: 'tie' }],
    };
  }
  const written = snapshot.text.slice(choice.start, choice.end);
  const name = freshName(snapshot, path);
  const [first] = home.body;
  if (first === undefined) return undefined;
  const line = snapshot.lines.lineAt(first.start);
  const before = snapshot.text.slice(snapshot.lines.startOf(line), first.start);
  // On a line of its own where the body stands on lines of its own, else before the first statement.
  const separator = before.trim() === '' ? `\n${before}` : '; ';
  return {
    title: `Draw once for the whole space: \`tie ${name} = ${written}\``,
    kind: CodeActionKind.RefactorRewrite,
    edits: [
      { span: { start: first.start, end: first.start }, text: `tie ${name} = ${written}${separator}` },
      { span: { start: choice.start, end: choice.end }, text: name },
    ],
  };
}

/** Such as `0..n` of a repeat: the `n` of that place is not known where the tie would stand. */
function isBoundedByName({ low, high }: RangeExpression): boolean {
  let found = false;
  for (const bound of [low, high]) walk(bound, ({ kind }) => (found ||= kind === 'name'));
  return found;
}
