import * as vscode from 'vscode';

/**
 * Searching and exporting start programs and write files, which an untrusted workspace must not cause.
 * Tells the person so and returns false there.
 */
export async function requireTrust(what: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} starts programs and writes files, so it waits until you trust this workspace. Editing works as usual.',
      what,
    ),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
