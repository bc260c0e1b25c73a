/**
 * Renamed and moved files: imports of them follow, and so do the paths that a moved file itself has written. Asked
 * before the files move, so every edit is of a file where it is now.
 */

import { URI } from 'vscode-uri';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import type { StringLiteral } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { relativePath } from './completion-items.ts';

export interface FileRename {
  readonly oldUri: string;
  readonly newUri: string;
}

export function renameFiles(workspace: Workspace, files: readonly FileRename[]): WorkspaceEdit | null {
  // Editors may spell the same address in different ways.
  const moves = files.map(({ oldUri, newUri }) => [normal(oldUri), normal(newUri)] as const);
  /** Where a file or what lies in a folder will be. */
  const after = (uri: string): string => {
    for (const [from, to] of moves) {
      if (uri === from) return to;
      if (uri.startsWith(`${from}/`)) return to + uri.slice(from.length);
    }
    return uri;
  };
  const changes: Record<string, TextEdit[]> = {};
  for (const uri of workspace.all()) {
    const snapshot = workspace.snapshot(uri);
    if (snapshot === undefined) continue;
    const edits = pathsIn(snapshot).flatMap((path) => moved(workspace, snapshot, path, after));
    if (edits.length > 0) changes[uri] = edits;
  }
  return Object.keys(changes).length === 0 ? null : { changes };
}

function normal(uri: string): string {
  return URI.parse(uri).toString();
}

/** Imported files, and the data of a dataset. */
function pathsIn({ parse }: Snapshot): StringLiteral[] {
  return parse.file.declarations.flatMap((declaration) => {
    if (declaration.kind === 'import') return declaration.path ?? [];
    if (declaration.kind !== 'dataset') return [];
    return declaration.arguments.flatMap(({ value }) => (value.kind === 'string' ? value : []));
  });
}

function moved(
  workspace: Workspace,
  snapshot: Snapshot,
  path: StringLiteral,
  after: (uri: string) => string,
): TextEdit[] {
  // Absolute paths stay where they point; a string that is not closed is being typed.
  if (path.value === '' || /^(\/|~|\w+:)/.test(path.value) || path.end - path.start !== path.value.length + 2)
    return [];
  const target = normal(workspace.resolve(snapshot.uri, path.value));
  const [from, to] = [after(normal(snapshot.uri)), after(target)];
  if (from === normal(snapshot.uri) && to === target) return [];
  const written = relativePath(from, to);
  if (written === undefined || written === withDot(path.value)) return [];
  const range = snapshot.lines.range({ start: path.start + 1, end: path.end - 1 });
  return [{ range, newText: written }];
}

/** `../a` and `./a` are how paths are written here. */
function withDot(path: string): string {
  return path.startsWith('../') ? path : `./${path.replace(/^(\.\/)+/, '')}`;
}
