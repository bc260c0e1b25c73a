import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { requireTrust, type Context } from '../context.ts';
import { pickFile } from './pick.ts';

/**
 * The cost of every layer, each choice at its last option, as a report beside the text. The numbers are predictions;
 * the report says where each comes from.
 */
export async function profile(context: Context, file?: unknown): Promise<void> {
  if (!(await requireTrust(vscode.l10n.t('Profiling')))) return;
  const uri = pickFile(file);
  if (uri?.scheme !== 'file') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Save the .nas file that you want to profile to a disk.'),
    );
    return;
  }
  const args = ['cost', uri.fsPath, '--arch', 'max'];
  const { code, output, errors } = await context.commandLine.start(args, dirname(uri.fsPath)).finished;
  if (code !== 0) {
    void vscode.window.showErrorMessage(vscode.l10n.t('There is no profile. {0}', (errors || output).trim()));
    return;
  }
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: output });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
