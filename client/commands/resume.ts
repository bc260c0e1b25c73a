import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { requireTrust } from '../trust.ts';
import { titleOf } from '../history/run-store.ts';
import { pickRun } from './pick.ts';
import { begin } from './search.ts';

export async function resume(context: Context, place?: unknown): Promise<void> {
  if (!(await requireTrust(vscode.l10n.t('Searching')))) return;
  const run = await pickRun(context, place, ({ finished }) => !finished);
  if (run === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no run to resume: every one has finished.'),
    );
    return;
  }
  const title = titleOf(run);
  await begin(context, () => context.searches.resume(run, title));
}

/** After a reload of the window that broke a search off. */
export async function offerToResume(context: Context): Promise<void> {
  const folder = context.searches.interrupted;
  const run =
    folder === undefined ? undefined : (context.runs.find(folder) ?? (await context.runs.add(folder)));
  if (run === undefined || run.finished || !vscode.workspace.isTrusted) return;
  const again = vscode.l10n.t('Resume');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The search {0} ended with its window. Its trials are kept.', titleOf(run)),
    again,
  );
  if (answer === again) await resume(context, { run: run.folder });
  else await context.searches.forgetInterrupted();
}
