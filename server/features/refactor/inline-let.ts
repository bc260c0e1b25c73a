/** Inline: a `let` that chooses nothing disappears into the places that read it. */

import { CodeActionKind } from 'vscode-languageserver-types';
import type { Expression, Span } from '../../../grammar/ast.ts';
import { referencesIn, sameDefinition } from '../../analysis/names.ts';
import type { Snapshot } from '../../analysis/snapshot.ts';
import { nearest, walk } from '../../../grammar/index.ts';
import type { Refactoring } from '../code-actions.ts';

export function inlineLet(snapshot: Snapshot, span: Span): Refactoring | undefined {
  const statement = nearest(snapshot.path(span.start), 'let');
  const name = statement?.name;
  if (statement === undefined || name === undefined || span.start > name.end) return undefined;
  // A choice is drawn once by the `let`; written out in two places it would be drawn twice.
  if (chooses(statement.value)) return undefined;
  const place = { file: snapshot.uri, span: { start: name.start, end: name.end } };
  const uses = referencesIn(snapshot).filter(
    (reference) => reference.access === 'read' && sameDefinition(reference.symbol.definition, place),
  );
  if (uses.length === 0) return undefined;
  const written = snapshot.text.slice(statement.value.start, statement.value.end);
  const text = isAtomic(statement.value) ? written : `(${written})`;
  return {
    title: `Inline \`${name.name}\` into ${uses.length === 1 ? 'its use' : `its ${uses.length} uses`}`,
    kind: CodeActionKind.RefactorInline,
    edits: [
      { span: withLineBreak(snapshot, statement), text: '' },
      ...uses.map((use) => ({ span: use.span, text })),
    ],
  };
}

function chooses(value: Expression): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === 'choiceExpression' || node.kind === 'range' || node.kind === 'missing') found = true;
  });
  return found;
}

function isAtomic(value: Expression): boolean {
  return value.kind !== 'binary' && value.kind !== 'unary';
}

/** The statement with its separator, and with its line when it is alone there. */
function withLineBreak(snapshot: Snapshot, statement: Span): Span {
  const { lines, text } = snapshot;
  let { end } = statement;
  if (text.charAt(end) === ';') end++;
  const line = lines.lineAt(statement.start);
  const before = text.slice(lines.startOf(line), statement.start);
  const after = text.slice(end, lines.endOf(line));
  if (before.trim() === '' && after.trim() === '') {
    return { start: lines.startOf(line), end: lines.startOf(line + 1) };
  }
  while (text.charAt(end) === ' ') end++;
  return { start: statement.start, end };
}
