/** Formatting, with the fewest edits: whole documents, ranges, and what was just typed. Needs the tree alone. */

import type { FormattingOptions, Range, TextEdit } from 'vscode-languageserver-types';
import * as grammar from '../../grammar/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';

export function formatDocument(snapshot: Snapshot, options: FormattingOptions): TextEdit[] {
  return snapshot.lines.edits(grammar.formatDocument(snapshot.text, options, snapshot.parse));
}

/** Edits of several ranges, each once. */
export function formatRanges(
  snapshot: Snapshot,
  ranges: readonly Range[],
  options: FormattingOptions,
): TextEdit[] {
  const byPlace = new Map<number, grammar.TextEdit>();
  for (const range of ranges) {
    const span = snapshot.lines.span(range);
    for (const edit of grammar.formatRange(snapshot.text, span, options, snapshot.parse)) {
      byPlace.set(edit.span.start, edit);
    }
  }
  return snapshot.lines.edits([...byPlace.values()].sort((a, b) => a.span.start - b.span.start));
}

export function formatOnType(
  snapshot: Snapshot,
  offset: number,
  typed: string,
  options: FormattingOptions,
): TextEdit[] {
  return snapshot.lines.edits(grammar.formatOnType(snapshot.text, offset, typed, options, snapshot.parse));
}
