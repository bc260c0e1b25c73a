/** The boards that can be chosen in a view, as the command line lists them: those that ship and the workspace's. */

import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandLine } from '../search/command-line.ts';
import type { BoardChoice } from './messages.ts';

/** What a file in this folder can name. */
export async function boardsIn(
  commandLine: CommandLine,
  folder: string,
  uri: vscode.Uri,
): Promise<readonly BoardChoice[]> {
  const { boards = [] } = await commandLine.json<{ readonly boards?: readonly BoardChoice[] }>(
    ['boards', ...profileArguments(uri)],
    folder,
  );
  return boards;
}

/** The folders with boards and runtimes that the settings name, as the language server reads them too. */
export function profileArguments(uri: vscode.Uri): string[] {
  const named = vscode.workspace.getConfiguration('nasturtium', uri).get<readonly string[]>('profiles', []);
  const roots = (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
  return named
    .flatMap((place) => (isAbsolute(place) ? [place] : roots.map((root) => join(root, place))))
    .filter((place) => existsSync(place))
    .flatMap((place) => ['--profiles', place]);
}
