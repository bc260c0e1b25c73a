/** Architectures as read-only `.nas` texts without choices, under addresses that survive a reload of the window. */

import * as vscode from 'vscode';
import { reasonOf } from '../engine/files/index.ts';
import type { Run } from './history/run.ts';
import type { RunStore } from './history/run-store.ts';
import { architectureText } from './search/jobs.ts';
import type { CommandLine } from './search/command-line.ts';

export const architectureScheme = 'nasturtium-arch';

export function architectureUri(run: Run, trial: number, name: string): vscode.Uri {
  const query = new URLSearchParams({ run: run.folder, trial: String(trial) });
  return vscode.Uri.from({ scheme: architectureScheme, path: `/${name}.nas`, query: query.toString() });
}

export class ArchitectureDocuments implements vscode.TextDocumentContentProvider {
  private readonly commandLine: CommandLine;
  private readonly runs: RunStore;

  constructor(commandLine: CommandLine, runs: RunStore) {
    this.commandLine = commandLine;
    this.runs = runs;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const query = new URLSearchParams(uri.query);
    const [folder, trial] = [query.get('run') ?? '', Number(query.get('trial'))];
    const run = this.runs.find(folder) ?? (await this.runs.add(folder));
    if (run === undefined) {
      return vscode.l10n.t('// The run {0} is no longer there, and its architectures with it.', folder);
    }
    try {
      return await architectureText(this.commandLine, run, trial);
    } catch (error) {
      const reason = reasonOf(error);
      return reason.replace(/^/gm, '// ');
    }
  }
}
