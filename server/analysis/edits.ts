/** Applying a client's changes to a text. Own code because the ranges may count UTF-8 (see `lines.ts`). */

import type { Range } from 'vscode-languageserver-types';
import type { Span } from '../../grammar/ast.ts';
import { Lines } from './lines.ts';

/** A change as LSP sends it; without a range it replaces the whole text. */
export interface ContentChange {
  readonly range?: Range;
  readonly text: string;
}

/** What one notification changed: `span` of the old text was replaced by `inserted` code units. */
export interface Change {
  readonly span: Span;
  readonly inserted: number;
}

export interface Edited {
  readonly lines: Lines;
  /** The hull of all changes, or `undefined` when the whole text was replaced. */
  readonly change: Change | undefined;
}

/** Applies the changes in order, each to the result of the one before it, as LSP says. */
export function applyChanges(before: Lines, changes: readonly ContentChange[]): Edited {
  let lines = before;
  let hull: Change | undefined = { span: { start: 0, end: 0 }, inserted: 0 };
  let first = true;
  for (const change of changes) {
    if (change.range === undefined) {
      lines = new Lines(change.text, before.encoding);
      hull = undefined;
      continue;
    }
    const span = lines.span(change.range);
    const text = lines.text.slice(0, span.start) + change.text + lines.text.slice(span.end);
    if (hull !== undefined) {
      const next = { span, inserted: change.text.length };
      hull = first ? next : joined(hull, next);
    }
    first = false;
    lines = new Lines(text, before.encoding);
  }
  return { lines, change: hull };
}

/** One change with the effect of `a` and then `b`, where `b` counts in the text that `a` made. */
export function joined(a: Change, b: Change): Change {
  const shift = a.inserted - (a.span.end - a.span.start);
  const aEnd = a.span.start + a.inserted;
  const start = Math.min(a.span.start, b.span.start);
  const endAfterA = Math.max(aEnd, b.span.end);
  const growth = b.inserted - (b.span.end - b.span.start);
  return { span: { start, end: endAfterA - shift }, inserted: endAfterA + growth - start };
}
