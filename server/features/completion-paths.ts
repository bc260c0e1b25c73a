/** Paths in strings: files to import, folders of data. */

import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { relativePath } from './completion-items.ts';

/** Files of the workspace with the ending; in a string that names a folder, what is in that folder. */
export function pathItems(
  snapshot: Snapshot,
  workspace: Workspace,
  offset: number,
  inString: boolean,
  ending: string,
): CompletionItem[] {
  const found: string[] = [];
  if (ending === '.nas') {
    found.push(
      ...workspace
        .all()
        .flatMap((uri) => (uri === snapshot.uri ? [] : (relativePath(snapshot.uri, uri) ?? []))),
    );
  }
  if (inString) {
    const start = snapshot.text.lastIndexOf('"', offset - 1) + 1;
    const typed = snapshot.text.slice(start, offset);
    const folder = typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : './';
    for (const name of workspace.files.list(workspace.resolve(snapshot.uri, folder))) {
      if (name.startsWith('.') || !(name.endsWith('/') || name.endsWith(ending))) continue;
      if (folder + name !== `./${snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1)}`)
        found.push(folder + name);
    }
  }
  return [...new Set(found)].map((path) => ({
    label: path,
    kind: path.endsWith('/') ? CompletionItemKind.Folder : CompletionItemKind.File,
    sortText: `1${path}`,
    ...(inString ? {} : { insertText: `"${path}"`, filterText: `"${path}"` }),
  }));
}
