import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { requireTrust } from '../trust.ts';
import { SearchFailure } from '../search/searches.ts';
import { showFrontOf } from './show-front.ts';
import { pickFile } from './pick.ts';
import { showProblem } from './show-problem.ts';

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

/** Starts or resumes with the front beside the editor, and a message if it cannot. The status bar shows how it goes. */
export async function begin(context: Context, start: () => Promise<string>): Promise<void> {
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
      showFrontOf(context, run);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
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
