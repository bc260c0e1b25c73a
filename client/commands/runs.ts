/** Commands about a run and its trials. */

import * as vscode from 'vscode';
import { architectureUri } from '../architectures.ts';
import type { Context } from '../context.ts';
import { titleOf } from '../history/run-store.ts';
import { pickRun, pickTrial } from './pick.ts';

export async function showFront(context: Context, place?: unknown): Promise<void> {
  const run = await pickRun(context, place);
  if (run === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no run in this workspace yet: search a space first.'),
    );
    return;
  }
  context.fronts.show(run);
}

/** Opens the architecture of a trial as a text beside the space, read-only. */
export async function openArchitecture(context: Context, place?: unknown): Promise<void> {
  const run = await pickRun(context, place);
  const trial = run && (await pickTrial(context, run, place));
  if (run === undefined || trial === undefined) return;
  const document = await vscode.workspace.openTextDocument(architectureUri(run, trial.trial, trial.name));
  // Beside the front there is a column with the space; a third column would squeeze both.
  const viewColumn =
    vscode.window.tabGroups.all.length > 1 ? vscode.ViewColumn.One : vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preview: true });
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
