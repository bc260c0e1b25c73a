/** Paths in strings: files to import, folders of data. */

import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import { dataFormat } from '../../engine/space/index.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { relativePath } from './completion-items.ts';

/** Files to import: those of the workspace; in a string that names a folder, what is in that folder. */
export function importItems(
  snapshot: Snapshot,
  workspace: Workspace,
  offset: number,
  inString: boolean,
): CompletionItem[] {
  const found = workspace
    .all()
    .flatMap((uri) => (uri === snapshot.uri ? [] : (relativePath(snapshot.uri, uri) ?? [])));
  const names = (uri: string): readonly string[] => workspace.files.list(uri);
  if (inString)
    found.push(...below(snapshot, typedFolder(snapshot, offset), names, (name) => name.endsWith('.nas')));
  return items(found, inString);
}

/** Data of a format: folders, and the files that it is read from. Nothing where data must not be looked for. */
export function dataItems(
  snapshot: Snapshot,
  workspace: Workspace,
  offset: number,
  inString: boolean,
  format: string,
): CompletionItem[] {
  const { holds, endings } = dataFormat(format) ?? anyFile;
  const isData = (name: string): boolean =>
    holds === 'file' && (endings.length === 0 || endings.some((each) => name.toLowerCase().endsWith(each)));
  const folder = inString ? typedFolder(snapshot, offset) : './';
  return items(
    below(snapshot, folder, (uri) => workspace.dataNames(uri), isData),
    inString,
  );
}

const anyFile = { holds: 'file', endings: [] as readonly string[] } as const;

/** The folder part of the string that holds the place. */
function typedFolder({ text }: Snapshot, offset: number): string {
  const typed = text.slice(text.lastIndexOf('"', offset - 1) + 1, offset);
  return typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : './';
}

/** Folders in a folder, and its files that are wanted. */
function below(
  snapshot: Snapshot,
  folder: string,
  names: (uri: string) => readonly string[],
  isWanted: (name: string) => boolean,
): string[] {
  const own = `./${snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1)}`;
  return names(snapshot.resolve(folder))
    .filter((name) => !name.startsWith('.') && (name.endsWith('/') || isWanted(name)))
    .map((name) => folder + name)
    .filter((path) => path !== own);
}

function items(found: readonly string[], inString: boolean): CompletionItem[] {
  return [...new Set(found)].map((path) => ({
    label: path,
    kind: path.endsWith('/') ? CompletionItemKind.Folder : CompletionItemKind.File,
    sortText: `1${path}`,
    ...(inString ? {} : { insertText: `"${path}"`, filterText: `"${path}"` }),
  }));
}
