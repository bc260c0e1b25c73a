/** Go to definition: from a name to where it is declared, from an import to its file. */

import type { LocationLink } from 'vscode-languageserver-types';
import { referenceAt } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { nearest, pathAt } from '../../grammar/index.ts';
import type { Workspace } from '../analysis/workspace.ts';

export function definition(
  workspace: Workspace,
  snapshot: Snapshot,
  offset: number,
): LocationLink[] | undefined {
  const path = snapshot.path(offset);
  const imported = nearest(path, 'import');
  if (imported?.path !== undefined && imported.path.start <= offset && offset <= imported.path.end) {
    const target = workspace.snapshot(workspace.resolve(snapshot.uri, imported.path.value));
    if (target === undefined) return undefined;
    const start = target.lines.range({ start: 0, end: 0 });
    return [
      {
        originSelectionRange: snapshot.lines.range(imported.path),
        targetUri: target.uri,
        targetRange: start,
        targetSelectionRange: start,
      },
    ];
  }
  const reference = referenceAt(snapshot, offset);
  const place = reference?.symbol.definition;
  if (reference === undefined || place === undefined) return undefined;
  const target = workspace.snapshot(place.file);
  if (target === undefined) return undefined;
  // The whole declaration, so that a preview shows the block and not one word.
  const whole = pathAt(target.parse.file, place.span.start).findLast(
    (node) => node.end > place.span.end && node.kind !== 'file',
  );
  return [
    {
      originSelectionRange: snapshot.lines.range(reference.span),
      targetUri: place.file,
      targetRange: target.lines.range(whole ?? place.span),
      targetSelectionRange: target.lines.range(place.span),
    },
  ];
}
