/** Commands that show something in the editor, and the one that starts its server anew. */

import * as vscode from 'vscode';
import type { Context } from '../context.ts';

/** Arguments as a hover gives them: the file's URI, and line and character from 0. */
export async function explain(
  context: Context,
  file?: unknown,
  line?: unknown,
  character?: unknown,
): Promise<void> {
  if (typeof file !== 'string' || typeof line !== 'number' || typeof character !== 'number') return;
  context.server.explainAt(file, line, character);
  // What is shown already would only get the focus.
  await vscode.commands.executeCommand('editor.action.hideHover');
  await reveal(file, line, character);
  await vscode.commands.executeCommand('editor.action.showHover', { focus: 'autoFocusImmediately' });
}

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
async function reveal(file: string, line: number, character: number): Promise<void> {
  const at = new vscode.Position(line, character);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(file));
  const editor = await vscode.window.showTextDocument(document);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** A new text with the example's content, so that the person decides where it is saved. */
export async function openExample({ extension }: Context): Promise<void> {
  const example = vscode.Uri.joinPath(extension.extensionUri, 'examples/fashion-mnist.nas');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(example));
  const document = await vscode.workspace.openTextDocument({ language: 'nas', content });
  await vscode.window.showTextDocument(document);
}

export async function restartServer({ server }: Context): Promise<void> {
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Restarting the Nasturtium language server'),
    },
    () => server.restart(),
  );
}
