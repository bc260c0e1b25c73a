import * as vscode from 'vscode';
import type { Context } from '../context.ts';

/** Arguments as a code lens gives them: the file's URI, and line and character from 0. */
export async function showProblem(
  _context: Context,
  file?: unknown,
  line?: unknown,
  character?: unknown,
): Promise<void> {
  if (typeof file !== 'string' || typeof line !== 'number' || typeof character !== 'number') return;
  await reveal(file, line, character);
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** Opens the file with the cursor at the place. Both count from 0. */
export async function reveal(file: string, line: number, character: number): Promise<void> {
  const at = new vscode.Position(line, character);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(file));
  const editor = await vscode.window.showTextDocument(document);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
