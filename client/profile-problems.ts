/**
 * Faults of JSON itself in a board or runtime of the workspace. In an open file VS Code's own JSON support says them as
 * they are typed; ours, of the file as it was saved, would say them again, and is for files that are not open.
 */

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

const jsonSupport = 'vscode.json-language-features';

export class ProfileProblems implements vscode.Disposable {
  /** How to show the problems of a file again, for files with such a fault. */
  private readonly faulty = new Map<string, () => void>();
  private readonly listener = vscode.window.tabGroups.onDidChangeTabs(() => {
    for (const show of this.faulty.values()) show();
  });

  readonly handle: NonNullable<Middleware['handleDiagnostics']> = (uri, diagnostics, next) => {
    const show = (): void =>
      next(uri, saidByVsCode(uri) ? diagnostics.filter((each) => !isJsonFault(each)) : diagnostics);
    if (diagnostics.some(isJsonFault)) this.faulty.set(uri.toString(), show);
    else this.faulty.delete(uri.toString());
    show();
  };

  dispose(): void {
    this.listener.dispose();
  }
}

function isJsonFault({ code }: vscode.Diagnostic): boolean {
  return (typeof code === 'object' ? code.value : code) === 'profile/json';
}

/** A document may outlive its tab in memory, where nobody checks it. */
function saidByVsCode(uri: vscode.Uri): boolean {
  return (
    vscode.extensions.getExtension(jsonSupport) !== undefined &&
    vscode.workspace.getConfiguration('json', uri).get<boolean>('validate.enable', true) &&
    vscode.window.tabGroups.all.some(({ tabs }) =>
      tabs.some(
        ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
      ),
    )
  );
}
