/** The search that runs in this window, if any: started, watched, stopped. */

import * as vscode from 'vscode';
import type { SearchEvent, SearchProgress, TextPlace } from '../../engine/search/types.ts';
import { setCondition } from '../conditions.ts';
import type { FrontState } from '../front/messages.ts';
import type { Progress } from '../front/to-state.ts';
import type { Run } from '../history/run.ts';
import type { RunStore } from '../history/run-store.ts';
import { messageOf, type CommandLine, type Finished } from './command-line.ts';
import { resume, search, type SearchJob } from './jobs.ts';
import { runFolderFor } from './run-folder.ts';

export interface ActiveSearch {
  /** The `.nas` file, or the run's name when it is resumed. */
  readonly title: string;
  /** The run's folder, once the search has told it. */
  readonly folder: string | undefined;
  /** Undefined until the first trial is under way. */
  readonly progress: SearchProgress | undefined;
}

interface Ending {
  readonly status: FrontState['status'];
  /** A full sentence. */
  readonly text: string;
}

/** Why a search did not start, with the place that has to be mended for it, where there is one. */
export class SearchFailure extends Error {
  readonly place: TextPlace | undefined;

  constructor(message: string, place: TextPlace | undefined) {
    super(message);
    this.place = place;
  }
}

/** Where the run that was going on is remembered over a reload of the window. */
const interruptedKey = 'nasturtium.interruptedRun';
/** How long a search may take to stop by itself, with its journal closed, before it is ended. */
const patienceMs = 5_000;

export class Searches implements vscode.Disposable {
  private readonly commandLine: CommandLine;
  private readonly runs: RunStore;
  private readonly memory: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<void>();
  private job: SearchJob | undefined;
  private current: ActiveSearch | undefined;
  private disposed = false;
  private end: Extract<SearchEvent, { event: 'finished' }> | undefined;
  /** How each run ended that was searched in this window. */
  private readonly endings = new Map<string, Ending>();
  /** Something in {@link active} has changed. */
  readonly onDidChange = this.changed.event;

  constructor(commandLine: CommandLine, runs: RunStore, memory: vscode.Memento) {
    this.commandLine = commandLine;
    this.runs = runs;
    this.memory = memory;
  }

  get active(): ActiveSearch | undefined {
    return this.current;
  }

  /** The folder of a run that an earlier window was searching when it was closed or reloaded. */
  get interrupted(): string | undefined {
    return this.memory.get<string>(interruptedKey);
  }

  async forgetInterrupted(): Promise<void> {
    await this.memory.update(interruptedKey, undefined);
  }

  /** Where the search that runs stands, in the words of its process: the same in every place. */
  get standing(): string {
    return this.current?.progress?.text ?? vscode.l10n.t('starting');
  }

  /** Where a run stands, as a full sentence. */
  progressOf(run: Run): Progress {
    if (this.current?.folder === run.folder) {
      return { status: 'running', statusText: `Searching: ${this.standing}.`, seen: true };
    }
    const ending = this.endings.get(run.folder);
    if (ending !== undefined) return { status: ending.status, statusText: ending.text, seen: true };
    return run.finished
      ? { status: 'finished', statusText: vscode.l10n.t('The search has finished.'), seen: false }
      : {
          status: 'stopped',
          statusText: vscode.l10n.t('The search has stopped before its end. Resume goes on.'),
          seen: false,
        };
  }

  /**
   * Searches a file. Resolves with the folder of the run as soon as there is one; `finished` tells how it went on.
   * @throws Error when the search cannot start, with a message for the person
   */
  start(file: string, title: string, space: string | undefined): Promise<string> {
    const settings = vscode.workspace.getConfiguration('nasturtium', vscode.Uri.file(file));
    const place = settings.get<string>('search.folder', 'runs');
    const runFolder = runFolderFor(file, place, new Date());
    const options = { workers: settings.get('search.workers', 0), runFolder, space };
    return this.begin(title, (handle) => search(this.commandLine, file, options, handle));
  }

  resume(run: Run, title: string): Promise<string> {
    const workers = vscode.workspace.getConfiguration('nasturtium').get('search.workers', 0);
    return this.begin(title, (handle) => resume(this.commandLine, run, workers, handle));
  }

  /** Asks the search to stop: what has been trained is kept. Resolves when it has. */
  async stop(): Promise<void> {
    const { job } = this;
    if (job === undefined) return;
    job.process.kill('SIGINT');
    const timer = setTimeout(() => job.process.kill('SIGKILL'), patienceMs);
    await job.finished;
    clearTimeout(timer);
  }

  private begin(title: string, launch: (handle: (event: SearchEvent) => void) => SearchJob): Promise<string> {
    if (this.job !== undefined) {
      return Promise.reject(
        new Error(vscode.l10n.t('A search is running. Stop it before you start another.')),
      );
    }
    return new Promise((started, failed) => {
      let failure: string | undefined;
      let place: TextPlace | undefined;
      this.end = undefined;
      this.current = { title, folder: undefined, progress: undefined };
      const job = launch((event) => {
        if (event.event === 'failed') ({ message: failure, place } = event);
        if (event.event === 'started') {
          void this.memory.update(interruptedKey, event.run);
          this.endings.delete(event.run);
          this.runs.begin(event.run, event.fullEpochs);
          void this.runs.add(event.run).then(() => started(event.run));
        }
        this.take(event);
      });
      this.job = job;
      setCondition('searching', true);
      this.changed.fire();
      void job.finished.then(async (result) => {
        const folder = this.current?.folder;
        this.job = undefined;
        this.current = undefined;
        setCondition('searching', false);
        // A search that ends with its window has been interrupted: the next window offers to resume it.
        if (this.disposed) return;
        await this.memory.update(interruptedKey, undefined);
        if (folder !== undefined) {
          const ending = this.endingOf(result, failure);
          this.endings.set(folder, ending);
          await this.runs.settle(folder);
          this.notify(folder, ending);
        } else failed(new SearchFailure(failure ?? messageOf(result.output, result.errors), place));
        this.changed.fire();
      });
    });
  }

  private endingOf(result: Finished, failure: string | undefined): Ending {
    if (failure !== undefined) return { status: 'failed', text: failure };
    if (this.end !== undefined) {
      return { status: this.end.reason === 'stopped' ? 'stopped' : 'finished', text: this.end.text };
    }
    return { status: 'failed', text: messageOf(result.output, result.errors) };
  }

  /** The one message of a search: that it is over, why, and what came of it. */
  private notify(folder: string, { status, text }: Ending): void {
    const show = vscode.l10n.t('Show the Front');
    const message =
      status === 'failed'
        ? vscode.window.showErrorMessage(vscode.l10n.t('The search has failed. {0}', text), show)
        : vscode.window.showInformationMessage(text, show);
    void message.then((answer) => {
      if (answer === show) void vscode.commands.executeCommand('nasturtium.showFront', { run: folder });
    });
  }

  private take(event: SearchEvent): void {
    const { current } = this;
    if (current === undefined) return;
    switch (event.event) {
      case 'started':
        this.current = { ...current, folder: event.run };
        break;
      case 'trial':
        this.current = { ...current, progress: event.progress };
        if (current.folder !== undefined) void this.runs.record(current.folder, event.trial, event.fronts);
        break;
      case 'progress':
        this.current = { ...current, progress: event.progress };
        break;
      case 'message':
        this.commandLine.log.info(`${event.level}: ${event.text}`);
        return;
      case 'finished':
        this.end = event;
        break;
      default:
        return;
    }
    this.changed.fire();
  }

  dispose(): void {
    this.disposed = true;
    this.job?.process.kill('SIGINT');
    this.changed.dispose();
  }
}
