/**
 * Linked editing: while somebody types in the declaration of a name, its uses in the file follow. In the declaration
 * only, and only where every use is in this file: other files change by renaming.
 */

import type { Range } from 'vscode-languageserver-types';
import { isExported, referenceAt, referencesIn, sameDefinition, usesOf } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';

/** What a name may become while it is typed; anything else ends the editing. */
const wordPattern = '[A-Za-z_][\\w-]*';

export interface LinkedRanges {
  readonly ranges: Range[];
  readonly wordPattern: string;
}

export function linkedEditing(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
): LinkedRanges | undefined {
  const at = referenceAt(snapshot, offset);
  const place = at?.symbol.definition;
  if (at?.access !== 'definition' || place === undefined || place.file !== snapshot.uri) return undefined;
  const written = snapshot.text.slice(at.span.start, at.span.end);
  const same = referencesIn(snapshot).filter(
    ({ symbol, span }) =>
      sameDefinition(symbol.definition, place) && snapshot.text.slice(span.start, span.end) === written,
  );
  if (same.length < 2) return undefined;
  if (isExported(at.symbol) && isUsedElsewhere(workspace, snapshot, place)) return undefined;
  return { ranges: same.map(({ span }) => snapshot.lines.range(span)), wordPattern };
}

function isUsedElsewhere(
  workspace: Workspace,
  snapshot: Snapshot,
  definition: Parameters<typeof usesOf>[1],
): boolean {
  return usesOf(workspace, definition, true).some((use) => use.snapshot.uri !== snapshot.uri);
}
