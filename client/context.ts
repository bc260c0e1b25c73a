/** What the parts of the extension share. One per window. */

import type * as vscode from 'vscode';
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
