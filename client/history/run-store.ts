/** The runs of the workspace and what is known of them. Found on disk, so a reload of the window loses nothing. */

import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { TargetFront, ToldTrial } from '../../engine/search/types.ts';
import { setCondition } from '../conditions.ts';
import type { CommandLine } from '../search/command-line.ts';
import { resultsOf } from '../search/jobs.ts';
import { findRuns, noResults, readRun, type Run, type RunResults } from './run.ts';

export class RunStore implements vscode.Disposable {
  private readonly commandLine: CommandLine;
  private known: readonly Run[] = [];
  private readonly results = new Map<string, Promise<RunResults>>();
  private readonly changed = new vscode.EventEmitter<string | undefined>();
  /** A run has changed (its folder), or the list has (`undefined`). */
  readonly onDidChange = this.changed.event;

  constructor(commandLine: CommandLine) {
    this.commandLine = commandLine;
  }

  get runs(): readonly Run[] {
    return this.known;
  }

  find(folder: string): Run | undefined {
    return this.known.find((run) => run.folder === folder);
  }

  /** Looks at the disk again. */
  async refresh(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    const name = vscode.workspace.getConfiguration('nasturtium').get('search.folder', 'runs');
    this.known = await findRuns(folders, name);
    // A file outside of the workspace has its runs beside it too.
    setCondition('hasRuns', this.known.length > 0);
    this.changed.fire(undefined);
  }

  /** Takes in a run that may lie outside of the workspace. */
  async add(folder: string): Promise<Run | undefined> {
    const run = await readRun(folder);
    if (run === undefined) return undefined;
    this.known = [run, ...this.known.filter((other) => other.folder !== folder)];
    setCondition('hasRuns', true);
    this.changed.fire(undefined);
    return run;
  }

  /** Trials and front, as the command line reads them from the journal. */
  async resultsOf(run: Run): Promise<RunResults> {
    let results = this.results.get(run.folder);
    if (results === undefined) {
      results = resultsOf(this.commandLine, run);
      this.results.set(run.folder, results);
      results.catch(() => this.results.delete(run.folder));
    }
    return results;
  }

  /** A search begins or goes on in the run: it tells of every result, earlier ones first. */
  begin(folder: string, fullEpochs: number): void {
    this.results.set(folder, Promise.resolve({ ...noResults, fullEpochs }));
    this.changed.fire(folder);
  }

  /** A search has recorded a trial. */
  async record(folder: string, trial: ToldTrial, fronts: readonly TargetFront[]): Promise<void> {
    const before = await (this.results.get(folder) ?? Promise.resolve(noResults));
    const trials = [...before.trials.filter((other) => other.trial !== trial.trial), trial];
    this.results.set(folder, Promise.resolve({ ...before, trials, fronts }));
    this.changed.fire(folder);
  }

  /** A search has ended: what the journal says counts. */
  async settle(folder: string): Promise<void> {
    this.results.delete(folder);
    const run = await readRun(folder);
    if (run !== undefined) this.known = this.known.map((other) => (other.folder === folder ? run : other));
    this.changed.fire(folder);
  }

  async delete(run: Run): Promise<void> {
    await rm(run.folder, { recursive: true, force: true });
    this.results.delete(run.folder);
    await this.refresh();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

/** For example `fashion-mnist, 3 May 14:12`. */
export function titleOf(run: Run): string {
  const when = new Date(run.settings.created).toLocaleString(vscode.env.language, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${run.settings.space}, ${when}`;
}

/** The `.nas` file that was searched, as it was called then. */
export function sourceOf(run: Run): { readonly name: string; readonly folder: string } {
  const { main } = run.settings.program;
  return { name: basename(main), folder: dirname(main) };
}
