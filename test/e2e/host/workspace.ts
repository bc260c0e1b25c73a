import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

/** A file or folder of the test workspace. */
export function inWorkspace(...path: readonly string[]): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'The test workspace is not open.');
  return vscode.Uri.joinPath(folder.uri, ...path);
}
