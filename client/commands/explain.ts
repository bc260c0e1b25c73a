import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { reveal } from './show-problem.ts';

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
