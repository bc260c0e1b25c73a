/** What a Cost View looks at, and how the command line is asked about it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { profileArguments } from './boards.ts';
import type { Choice } from './messages.ts';

/** A question to `nasturtium cost`. */
export interface Question {
  readonly args: readonly string[];
  readonly folder: string;
  readonly input?: string;
  /** Removes what was made for the question. */
  dispose(): Promise<void>;
}

export interface CostSource {
  readonly subject: 'model' | 'space';
  readonly uri: vscode.Uri;
  /** Of a text with several, the one that is looked at; `undefined` for its first. */
  readonly space: string | undefined;
  readonly title: string;
  /** Fires when the answer may have changed. */
  readonly onDidChange: vscode.Event<void>;
  question(choice: Choice): Promise<Question>;
  /** Where boards of its own are looked for. */
  readonly folder: string;
  dispose(): void;
}

const nothing = (): Promise<void> => Promise.resolve();

function targetArguments(uri: vscode.Uri, { board, runtime }: Choice): string[] {
  return [
    ...profileArguments(uri),
    ...(board === undefined ? [] : ['--target', board]),
    ...(runtime === undefined ? [] : ['--runtime', runtime]),
  ];
}

/** On the disk; for what is not there, the workspace. */
function folderOf(uri: vscode.Uri): string {
  if (uri.scheme === 'file') return dirname(uri.fsPath);
  const [first] = vscode.workspace.workspaceFolders ?? [];
  return first?.uri.scheme === 'file' ? first.uri.fsPath : tmpdir();
}

/** A `.tflite`: the file, looked at again whenever it changes. */
export function modelSource(uri: vscode.Uri): CostSource {
  const changed = new vscode.EventEmitter<void>();
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
  );
  const tell = (other: vscode.Uri): void => {
    if (other.toString() === uri.toString()) changed.fire();
  };
  const subscriptions = [
    watcher,
    watcher.onDidChange(tell),
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
  ];
  return {
    subject: 'model',
    uri,
    space: undefined,
    title: basename(uri.path),
    folder: folderOf(uri),
    onDidChange: changed.event,
    async question(choice) {
      const first = ['cost'];
      const rest = ['--detail', ...targetArguments(uri, choice)];
      if (uri.scheme === 'file') {
        return { args: [...first, uri.fsPath, ...rest], folder: dirname(uri.fsPath), dispose: nothing };
      }
      // On a file system that only VS Code can read: the command line gets a copy under the same name.
      const folder = await mkdtemp(join(tmpdir(), 'nasturtium-cost-'));
      const copy = join(folder, basename(uri.path));
      await writeFile(copy, await vscode.workspace.fs.readFile(uri));
      return {
        args: [...first, copy, ...rest],
        folder,
        dispose: () => rm(folder, { recursive: true, force: true }),
      };
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

/** A space of a `.nas` text as it stands in the editor, saved or not. */
export function spaceSource(uri: vscode.Uri, space: string | undefined): CostSource {
  const changed = new vscode.EventEmitter<void>();
  const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() === uri.toString()) changed.fire();
  });
  return {
    subject: 'space',
    uri,
    space,
    title: space ?? basename(uri.path),
    folder: folderOf(uri),
    onDidChange: changed.event,
    async question(choice) {
      const document = await vscode.workspace.openTextDocument(uri);
      const file = uri.scheme === 'file' ? uri.fsPath : join(tmpdir(), basename(uri.path));
      const named = file.endsWith('.nas') ? file : `${file}.nas`;
      return {
        args: [
          ...['cost', named, '--stdin', '--detail', '--arch', choice.architecture],
          ...(space === undefined ? [] : ['--space', space]),
          ...targetArguments(uri, choice),
        ],
        folder: dirname(named),
        input: document.getText(),
        dispose: nothing,
      };
    },
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}
