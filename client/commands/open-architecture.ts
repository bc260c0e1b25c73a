import * as vscode from 'vscode';
import { architectureUri } from '../architectures.ts';
import type { Context } from '../context.ts';
import { pickRun, pickTrial } from './pick.ts';

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
