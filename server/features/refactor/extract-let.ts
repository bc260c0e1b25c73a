/**
 * Extract: a selected value gets a name with `let` before its statement. Not where that would change how often a
 * choice is drawn: a `let` is drawn once, what is repeated or left out is not.
 */

import { CodeActionKind } from 'vscode-languageserver-types';
import type { Span } from '../../../grammar/ast.ts';
import type { Snapshot } from '../../analysis/snapshot.ts';
import { nearest, walk, type Node } from '../../../grammar/index.ts';
import type { Refactoring } from '../code-actions.ts';
import { freshName } from './fresh-name.ts';

const values = new Set<Node['kind']>([
  'number',
  'binary',
  'unary',
  'call',
  'choiceExpression',
  'range',
  'conditional',
]);

export function extractLet(snapshot: Snapshot, span: Span): Refactoring | undefined {
  const { text, lines } = snapshot;
  // A cursor selects nothing, and blanks around a selection say nothing.
  const selected = text.slice(span.start, span.end);
  const start = span.start + (selected.length - selected.trimStart().length);
  const end = span.end - (selected.length - selected.trimEnd().length);
  if (start >= end) return undefined;
  const path = snapshot.path(start);
  const at = path.findIndex((node) => values.has(node.kind) && node.start === start && node.end === end);
  const value = path[at];
  const inside = path.slice(0, at + 1);
  const statement = nearest(inside, 'operator');
  if (value === undefined || statement === undefined) return undefined;
  // What `in` means at the statement it means right before it too.
  const { repeat, optional, conditions } = statement;
  const always = repeat === undefined && !optional && conditions.length === 0;
  if (!always && chooses(value)) return undefined;
  const home = inside[inside.indexOf(statement) - 1]?.kind;
  if (home !== 'space' && home !== 'block' && home !== 'group') return undefined;
  const first = lines.lineAt(statement.start);
  const before = text.slice(lines.startOf(first), statement.start);
  const separator = before.trim() === '' ? `\n${before}` : '; ';
  const name = freshName(snapshot, inside);
  const written = text.slice(start, end);
  return {
    title: `Name it: \`let ${name} = ${written}\``,
    kind: CodeActionKind.RefactorExtract,
    edits: [
      {
        span: { start: statement.start, end: statement.start },
        text: `let ${name} = ${written}${separator}`,
      },
      { span: { start, end }, text: name },
    ],
  };
}

function chooses(value: Node): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === 'choiceExpression' || node.kind === 'range') found = true;
  });
  return found;
}
