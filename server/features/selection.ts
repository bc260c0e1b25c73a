/** Selection ranges: from the word outwards through every construct that holds it. */

import type { Position, SelectionRange } from 'vscode-languageserver-types';
import type { Snapshot } from '../analysis/snapshot.ts';

export function selectionRanges(snapshot: Snapshot, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => selectionRange(snapshot, snapshot.lines.offsetAt(position)));
}

function selectionRange(snapshot: Snapshot, offset: number): SelectionRange {
  const { lines, text } = snapshot;
  const whole = { start: 0, end: text.length };
  const word = wordAt(text, offset);
  let range: SelectionRange = { range: lines.range(whole) };
  let last = whole;
  for (const span of [...snapshot.path(offset), word]) {
    const inside = span.start >= last.start && span.end <= last.end;
    if (!inside || (span.start === last.start && span.end === last.end)) continue;
    range = { range: lines.range(span), parent: range };
    last = { start: span.start, end: span.end };
  }
  return range;
}

const wordCharacter = /[\w-]/;

/** The run of word characters around the offset; empty between others. */
function wordAt(text: string, offset: number): { start: number; end: number } {
  let start = offset;
  let end = offset;
  while (start > 0 && wordCharacter.test(text.charAt(start - 1))) start--;
  while (end < text.length && wordCharacter.test(text.charAt(end))) end++;
  return { start, end };
}
