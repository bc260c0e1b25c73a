/** The entry that VS Code calls. Puts the parts together; what they do is in their own files. */

import * as vscode from 'vscode';
import { ArchitectureDocuments, architectureScheme } from './architectures.ts';
import { registerCommands } from './commands/index.ts';
import { offerToResume } from './commands/search.ts';
import type { Context } from './context.ts';
import { Log, versions } from './log.ts';
import { Walkthrough } from './walkthrough.ts';
import { CostViews } from './cost/views.ts';
import { FrontPanels } from './front/panels.ts';
import { NasLanguageServer } from './language-server.ts';
import { RunStore } from './history/run-store.ts';
import { CommandLine } from './search/command-line.ts';
import { Searches } from './search/searches.ts';
import { registerTasks } from './tasks.ts';
import { showLanguageStatus, showSearchStatus } from './views/status.ts';
import { RunsView } from './views/runs-view.ts';
import { TargetsView } from './views/targets-view.ts';

/** What other extensions, and our tests, can ask. */
export interface Api {
  /** What the Cost View in front shows; `undefined` when there is none. */
  readonly costViewInFront: () => { readonly layers: number; readonly status: string } | undefined;
}

export async function activate(extension: vscode.ExtensionContext): Promise<Api> {
  const log = new Log();
  log.info(versions(extension.extension));
  const server = new NasLanguageServer(extension, log);
  const walkthrough = new Walkthrough(extension);
  const commandLine = new CommandLine(extension, log);
  const runs = new RunStore(commandLine);
  const searches = new Searches(commandLine, runs, extension.workspaceState);
  const fronts = new FrontPanels(extension, runs, searches);
  const costs = new CostViews(extension, commandLine);
  const context: Context = {
    ...{ extension, log, server, commandLine, runs },
    ...{ searches, fronts, costs, walkthrough },
  };

  extension.subscriptions.push(
    log,
    server,
    runs,
    searches,
    showSearchStatus(searches),
    fronts,
    costs,
    showLanguageStatus(server, walkthrough),
    new RunsView(runs, searches),
    new TargetsView(server),
    vscode.workspace.registerTextDocumentContentProvider(
      architectureScheme,
      new ArchitectureDocuments(commandLine, runs),
    ),
    registerTasks(commandLine),
    vscode.workspace.onDidChangeWorkspaceFolders(() => runs.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.trusted()),
    ...registerCommands(context),
  );

  // Neither waits for the other: hints must not be late because a disk is slow.
  const starting = server.start().catch((error: unknown) => {
    log.error(error instanceof Error ? error : String(error));
  });
  await runs.refresh();
  void offerToResume(context);
  void walkthrough.offer();
  await starting;
  return { costViewInFront: () => costs.shownInFront };
}
