/** What the parts of the extension share. One per window. */

import * as vscode from 'vscode';
import type { NasLanguageServer } from './language-server.ts';
import type { CostViews } from './cost/views.ts';
import type { FrontPanels } from './front/panels.ts';
import type { Log } from './log.ts';
import type { RunStore } from './history/run-store.ts';
import type { CommandLine } from './search/command-line.ts';
import type { Searches } from './search/searches.ts';
import type { Walkthrough } from './walkthrough.ts';

export interface Context {
  readonly extension: vscode.ExtensionContext;
  readonly log: Log;
  readonly server: NasLanguageServer;
  readonly commandLine: CommandLine;
  readonly runs: RunStore;
  readonly searches: Searches;
  readonly fronts: FrontPanels;
  readonly costs: CostViews;
  readonly walkthrough: Walkthrough;
}

/** Names of the `when` conditions in package.json. */
export function setCondition(
  name: 'searching' | 'hasRuns' | 'serverRunning' | 'exported',
  value: boolean,
): void {
  void vscode.commands.executeCommand('setContext', `nasturtium.${name}`, value);
}

/**
 * Searching and exporting start programs and write files, which an untrusted workspace must not cause.
 * Tells the person so and returns false there.
 */
export async function requireTrust(what: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0} starts programs and writes files, so it waits until you trust this workspace. Editing works as usual.',
      what,
    ),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
