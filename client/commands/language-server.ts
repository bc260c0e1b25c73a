import * as vscode from 'vscode';
import type { Context } from '../context.ts';

export async function restartServer({ server }: Context): Promise<void> {
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Restarting the Nasturtium language server'),
    },
    () => server.restart(),
  );
}

export function showOutput({ log }: Context): void {
  log.show();
}
