import * as vscode from 'vscode';
import { reasonOf } from '../../engine/files/index.ts';
import { setCondition } from '../conditions.ts';
import type { Context } from '../context.ts';
import { requireTrust } from '../trust.ts';
import { sourceOf } from '../history/run-store.ts';
import { exportModel as exportJob } from '../search/jobs.ts';
import { pickRun, pickTrial } from './pick.ts';

/** Writes the trained model of a trial as `.tflite` and C source into a folder that the person chooses. */
export async function exportModel(context: Context, place?: unknown): Promise<void> {
  if (!(await requireTrust(vscode.l10n.t('Exporting')))) return;
  const run = await pickRun(context, place);
  const trial = run && (await pickTrial(context, run, place));
  if (run === undefined || trial === undefined) return;
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Where should {0} be written?', trial.name),
    openLabel: vscode.l10n.t('Export Here'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(sourceOf(run).folder),
  });
  const folder = chosen?.[0];
  if (folder === undefined) return;
  const target = vscode.Uri.joinPath(folder, trial.name);
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Exporting {0}', trial.name) },
      () => exportJob(context.commandLine, run, trial.trial, target.fsPath),
    );
  } catch (error) {
    const reason = reasonOf(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} was not exported. {1}', trial.name, reason));
    return;
  }
  setCondition('exported', true);
  context.walkthrough.done('export');
  const reveal = vscode.l10n.t('Reveal');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The model and its C source are in {0}.', target.fsPath),
    reveal,
  );
  if (answer === reveal) await vscode.commands.executeCommand('revealInExplorer', target);
}
