/** Find all references, and the highlights of a name in its own file. */

import { DocumentHighlightKind, type DocumentHighlight, type Location } from 'vscode-languageserver-types';
import { isExported, referenceAt, referencesIn, sameDefinition, usesOf } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';

export function references(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
  includeDeclaration: boolean,
): Location[] | undefined {
  const symbol = referenceAt(snapshot, offset)?.symbol;
  if (symbol?.definition === undefined) return undefined;
  return usesOf(workspace, symbol.definition, isExported(symbol))
    .filter((use) => includeDeclaration || use.access !== 'definition')
    .map((use) => ({ uri: use.snapshot.uri, range: use.snapshot.lines.range(use.span) }));
}

export function documentHighlights(snapshot: Snapshot, offset: number): DocumentHighlight[] | undefined {
  const at = referenceAt(snapshot, offset);
  if (at === undefined) return undefined;
  const same = referencesIn(snapshot).filter((reference) =>
    at.symbol.definition === undefined
      ? // Built-in names: the same word of the same kind.
        reference.symbol.kind === at.symbol.kind && reference.symbol.name === at.symbol.name
      : sameDefinition(reference.symbol.definition, at.symbol.definition),
  );
  return same.map((reference) => ({
    range: snapshot.lines.range(reference.span),
    kind: reference.access === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
