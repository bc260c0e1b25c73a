import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { titleOf } from '../history/run-store.ts';
import { pickRun } from './pick.ts';

export async function refreshRuns({ runs }: Context): Promise<void> {
  await runs.refresh();
}

export async function revealRun(context: Context, place?: unknown): Promise<void> {
  const run = await pickRun(context, place);
  if (run === undefined) return;
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(run.folder));
}

export async function deleteRun(context: Context, place?: unknown): Promise<void> {
  const run = await pickRun(context, place);
  if (run === undefined || run.folder === context.searches.active?.folder) return;
  const really = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete the run {0} with all its trained models?', titleOf(run)),
    { modal: true, detail: run.folder },
    really,
  );
  if (answer === really) await context.runs.delete(run);
}
