import * as vscode from 'vscode';
import { reasonOf } from '../../engine/files/index.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../search/command-line.ts';
import { eventOf } from '../search/read-event.ts';
import { requireTrust } from '../trust.ts';
import { pickFile } from './pick.ts';

/** Of `nasturtium boards --json`. */
interface Listed {
  readonly id: string;
  readonly name: string;
  /** What an emulator counts; `null` for a board that is one. */
  readonly virtual: 'cycles' | 'instructions' | null;
  readonly can_be_profiled: boolean;
  readonly flashing: string;
}

/** Of `nasturtium profile --events`. */
type ProfileEvent =
  | { readonly event: 'loading'; readonly stage: string; readonly done: number; readonly total: number }
  | { readonly event: 'started'; readonly layers: number; readonly known: number }
  | { readonly event: 'measured'; readonly layer: string; readonly done: number }
  | { readonly event: 'left out'; readonly layer: string; readonly reason: string }
  | { readonly event: 'finished'; readonly measured: number; readonly of: number; readonly whole: boolean };

const kinds: Readonly<Record<ProfileEvent['event'], true>> = {
  loading: true,
  started: true,
  measured: true,
  'left out': true,
  finished: true,
};

/**
 * Runs the layers of a space on a board that the person chooses. What they took stands in the workspace, where the language
 * server sees it at once. Arguments: the file's URI and the name of the space, as lenses give them; none for the editor's file.
 */
export async function profile(context: Context, file?: unknown, space?: unknown): Promise<void> {
  if (!(await requireTrust(vscode.l10n.t('Profiling')))) return;
  const uri = pickFile(file);
  if (uri?.scheme !== 'file') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Open the .nas file whose layers you want to measure; it has to be saved on a disk.'),
    );
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  // What runs is what is on disk, which must be what is seen.
  if (document.isDirty && !(await document.save())) return;
  const folder = vscode.Uri.joinPath(uri, '..').fsPath;
  const board = await pickBoard(context, folder, document.getText());
  if (board === undefined || !(await agreed(board))) return;
  const named = typeof space === 'string' ? ['--space', space] : [];
  const args = ['profile', uri.fsPath, '--board', board.id, '--yes', '--events', ...named];
  try {
    const end = await inProgress(context, args, folder, board);
    if (end !== undefined) await tell(document, board, end);
  } catch (error) {
    const output = vscode.l10n.t('Show Output');
    const answer = await vscode.window.showErrorMessage(
      vscode.l10n.t('{0} was not profiled. {1}', board.name, reasonOf(error)),
      output,
    );
    if (answer === output) context.log.show();
  }
}

/** Virtual boards first, which need nothing; before them what the file names. */
async function pickBoard(
  { commandLine }: Context,
  folder: string,
  text: string,
): Promise<Listed | undefined> {
  const { boards } = await commandLine.json<{ readonly boards: readonly Listed[] }>(['boards'], folder);
  const isNamed = ({ id }: Listed): boolean => text.includes(`"${id}"`);
  const ranks = { cycles: 1, instructions: 2 };
  const rank = (board: Listed): number =>
    isNamed(board) ? 0 : board.virtual === null ? 3 : ranks[board.virtual];
  const items = boards
    .filter((board) => board.can_be_profiled)
    .sort((a, b) => rank(a) - rank(b))
    .map((board) => ({
      label: board.name,
      description: isNamed(board) ? vscode.l10n.t('target of this file') : board.id,
      detail: detailOf(board),
      board,
    }));
  const answer = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('On which board shall the layers run?'),
  });
  return answer?.board;
}

function detailOf({ virtual, flashing }: Listed): string {
  if (virtual === 'cycles') return vscode.l10n.t('A virtual board: nothing has to be attached or installed.');
  return virtual === null
    ? flashing
    : vscode.l10n.t(
        'A virtual board in QEMU, which has to be installed: it counts instructions, not cycles.',
      );
}

/** Asked once before anything is loaded onto a board that is one. */
async function agreed({ name, virtual }: Listed): Promise<boolean> {
  if (virtual !== null) return true;
  const load = vscode.l10n.t('Load the Probe');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('The probe is loaded into the RAM of the {0}.', name),
    {
      modal: true,
      detail: vscode.l10n.t('Its flash stays as it is. Afterwards unplug the board and plug it in again.'),
    },
    load,
  );
  return answer === load;
}

/** The end of the session; `undefined` where it was cancelled before anything was measured. */
async function inProgress(
  { commandLine }: Context,
  args: readonly string[],
  folder: string,
  { name }: Listed,
): Promise<Extract<ProfileEvent, { event: 'finished' }> | undefined> {
  const progressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Profiling on {0}', name),
    cancellable: true,
  };
  return vscode.window.withProgress(progressOptions, async (progress, token) => {
    let end: Extract<ProfileEvent, { event: 'finished' }> | undefined;
    let layers = 0;
    let last = '';
    const onLine = (line: string): void => {
      last = line;
      const event = eventOf<ProfileEvent>(line, kinds);
      if (event?.event === 'loading') progress.report({ message: vscode.l10n.t('loading the probe') });
      else if (event?.event === 'started') layers = event.layers - event.known;
      else if (event?.event === 'measured') {
        const message = vscode.l10n.t('{0} of {1} layers: {2}', event.done, layers, event.layer);
        progress.report({ message, increment: 100 / Math.max(1, layers) });
      } else if (event?.event === 'finished') end = event;
    };
    const job = commandLine.start(args, folder, { onLine });
    token.onCancellationRequested(() => job.process.kill('SIGINT'));
    const { code, errors } = await job.finished;
    if (code !== 0 && end === undefined && !token.isCancellationRequested) {
      throw new Error(messageOf(last, errors));
    }
    return end;
  });
}

/** What came of it, and the way to see it. */
async function tell(
  document: vscode.TextDocument,
  { id, name }: Listed,
  { measured, of, whole }: Extract<ProfileEvent, { event: 'finished' }>,
): Promise<void> {
  const what = whole
    ? vscode.l10n.t('{0} layers were measured on {1}.', of, name)
    : vscode.l10n.t('{0} layers were measured on {1}; profile again to go on.', measured, name);
  if (document.getText().includes(`"${id}"`)) {
    void vscode.window.showInformationMessage(what);
    return;
  }
  const add = vscode.l10n.t('Add Target');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} The file has no target "{1}", by which the editor would show them.', what, id),
    add,
  );
  if (answer !== add) return;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(placeForTarget(document.getText())), `target "${id}"\n`);
  await vscode.workspace.applyEdit(edit);
}

/** Before the first line that begins another declaration than the targets at the head of a file; else its end. */
function placeForTarget(text: string): number {
  const head = /^target\b/m.exec(text)?.index ?? 0;
  const next = /^(?!target\b)[a-z]\w*/m.exec(text.slice(head));
  return next === null ? text.length : head + next.index;
}
