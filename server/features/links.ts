/** Document links: imported files and dataset folders open with a click. */

import type { DocumentLink } from 'vscode-languageserver-types';
import type { StringLiteral } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';

export function documentLinks(workspace: Workspace, snapshot: Snapshot): DocumentLink[] {
  const links: DocumentLink[] = [];
  const add = (path: StringLiteral | undefined, tooltip: string, isThere: (uri: string) => boolean): void => {
    if (path === undefined || path.value === '' || path.end - path.start < 2) return;
    const target = workspace.resolve(snapshot.uri, path.value);
    if (!isThere(target)) return;
    // Without the quotes.
    const range = snapshot.lines.range({ start: path.start + 1, end: path.end - 1 });
    links.push({ range, target, tooltip });
  };
  const isFile = (uri: string): boolean => workspace.snapshot(uri) !== undefined;
  const isData = (uri: string): boolean => ['file', 'folder'].includes(workspace.dataKind(uri) ?? '');
  for (const declaration of snapshot.parse.file.declarations) {
    if (declaration.kind === 'import') add(declaration.path, 'Open the imported file', isFile);
    if (declaration.kind === 'dataset') {
      const unnamed = declaration.arguments.find((argument) => argument.name === undefined)?.value;
      if (unnamed?.kind === 'string') add(unnamed, 'Open the data set', isData);
    }
  }
  return links;
}
