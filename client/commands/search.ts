import * as vscode from 'vscode';
import { reasonOf } from '../../engine/files/index.ts';
import type { Context } from '../context.ts';
import { requireTrust } from '../trust.ts';
import { titleOf } from '../history/run-store.ts';
import { SearchFailure } from '../search/searches.ts';
import { showProblem } from './editor.ts';
import { pickFile, pickRun } from './pick.ts';

/** Arguments: the file's URI and the name of the space, as the code lens gives them; none for the editor's file. */
export async function search(context: Context, file?: unknown, space?: unknown): Promise<void> {
  if (!(await requireTrust(vscode.l10n.t('Searching')))) return;
  const uri = pickFile(file);
  if (uri === undefined) {
    void vscode.window.showWarningMessage(vscode.l10n.t('Open the .nas file that you want to search.'));
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (uri.scheme !== 'file' && !document.isUntitled) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('A search needs files on a disk, and {0} is not on one: save a copy there.', uri.path),
    );
    return;
  }
  // The search reads the file, so that what is on disk must be what is seen. Cancel leaves things as they are.
  if ((document.isDirty || document.isUntitled) && !(await document.save())) return;
  const saved = document.isUntitled ? vscode.window.activeTextEditor?.document.uri : document.uri;
  if (saved?.scheme !== 'file') return;
  const title = vscode.workspace.asRelativePath(saved);
  await begin(context, () =>
    context.searches.start(saved.fsPath, title, typeof space === 'string' ? space : undefined),
  );
}

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

/** Starts or resumes with the front beside the editor, and a message if it cannot. The status bar shows how it goes. */
async function begin(context: Context, start: () => Promise<string>): Promise<void> {
  const { active } = context.searches;
  if (active !== undefined) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} is being searched. Stop that search before you start another.', active.title),
    );
    return;
  }
  try {
    const folder = await start();
    context.walkthrough.done('search');
    const run = context.runs.find(folder);
    if (
      run !== undefined &&
      vscode.workspace.getConfiguration('nasturtium').get<boolean>('search.showFront', true)
    ) {
      context.fronts.show(run);
    }
  } catch (error) {
    const reason = reasonOf(error);
    const output = vscode.l10n.t('Show Output');
    const place = error instanceof SearchFailure ? error.place : undefined;
    const show = vscode.l10n.t('Show Problem');
    const answer = await vscode.window.showErrorMessage(
      vscode.l10n.t('The search did not start. {0}', reason),
      ...(place === undefined ? [output] : [show, output]),
    );
    if (answer === output) context.log.show();
    if (answer === show && place !== undefined) {
      const uri = vscode.Uri.file(place.file).toString();
      await showProblem(context, uri, place.line - 1, place.column - 1);
    }
  }
}
