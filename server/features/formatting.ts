/** Formatting, with the fewest edits: whole documents, ranges, and what was just typed. */

import type { FormattingOptions, Range, TextEdit } from 'vscode-languageserver-types';
import type { Snapshot } from '../analysis/snapshot.ts';

export function formatDocument(snapshot: Snapshot, options: FormattingOptions): TextEdit[] {
  return formatRanges(snapshot, [], options);
}

export function formatRanges(
  snapshot: Snapshot,
  ranges: readonly Range[],
  options: FormattingOptions,
): TextEdit[] {
  void snapshot;
  void ranges;
  void options;
  return [];
}

export function formatOnType(
  snapshot: Snapshot,
  offset: number,
  typed: string,
  options: FormattingOptions,
): TextEdit[] {
  void offset;
  void typed;
  return formatRanges(snapshot, [], options);
}
