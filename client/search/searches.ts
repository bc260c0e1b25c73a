/** The search that runs in this window, if any: started, watched, stopped. */

import * as vscode from 'vscode';
import type { SearchEvent } from '../../engine/search/types.ts';
import { setCondition } from '../context.ts';
import type { FrontState } from '../front/messages.ts';
import type { Run } from '../history/run.ts';
import type { RunStore } from '../history/run-store.ts';
import { messageOf, type CommandLine, type Finished } from './command-line.ts';
import { describeStanding, type Standing } from './describe.ts';
import { resume, search, type SearchJob } from './jobs.ts';
import { runFolderFor } from './run-folder.ts';

export interface ActiveSearch {
  /** The `.nas` file, or the run's name when it is resumed. */
  readonly title: string;
  /** The run's folder, once the search has told it. */
  readonly folder: string | undefined;
  readonly standing: Standing;
  readonly backend: string | undefined;
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
  private lastReason: Extract<SearchEvent, { event: 'finished' }>['reason'] | undefined;
  /** How each run ended that was searched in this window. */
  private readonly endings = new Map<string, { status: FrontState['status']; text: string }>();
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

  /** Where a run stands, as a full sentence. */
  progressOf(run: Run): { readonly status: FrontState['status']; readonly statusText: string } {
    if (this.current?.folder === run.folder) {
      return { status: 'running', statusText: `Searching: ${describeStanding(this.current.standing)}.` };
    }
    const ending = this.endings.get(run.folder);
    if (ending !== undefined) return { status: ending.status, statusText: ending.text };
    return run.finished
      ? { status: 'finished', statusText: vscode.l10n.t('The search has finished.') }
      : {
          status: 'stopped',
          statusText: vscode.l10n.t('The search has stopped before its end. Resume goes on.'),
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

  /** Resolves when no search is running. */
  async ended(): Promise<void> {
    await this.job?.finished;
  }

  private begin(title: string, launch: (handle: (event: SearchEvent) => void) => SearchJob): Promise<string> {
    if (this.job !== undefined) {
      return Promise.reject(
        new Error(vscode.l10n.t('A search is running. Stop it before you start another.')),
      );
    }
    return new Promise((started, failed) => {
      let failure: string | undefined;
      const nothing: Standing = {
        done: 0,
        trials: undefined,
        failed: 0,
        best: undefined,
        secondsLeft: undefined,
      };
      this.current = { title, folder: undefined, standing: nothing, backend: undefined };
      const job = launch((event) => {
        if (event.event === 'failed') failure = event.message;
        if (event.event === 'started') {
          void this.memory.update(interruptedKey, event.run);
          this.endings.delete(event.run);
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
          this.endings.set(folder, this.endingOf(result, failure));
          await this.runs.settle(folder);
        } else failed(new Error(failure ?? messageOf(result.output, result.errors)));
        this.changed.fire();
        if (folder !== undefined && failure !== undefined) {
          void vscode.window.showErrorMessage(vscode.l10n.t('The search has failed. {0}', failure));
        }
      });
    });
  }

  private endingOf(
    result: Finished,
    failure: string | undefined,
  ): { status: FrontState['status']; text: string } {
    if (failure !== undefined) return { status: 'failed', text: failure };
    if (this.lastReason !== undefined && this.lastReason !== 'stopped') {
      return { status: 'finished', text: vscode.l10n.t('The search has finished.') };
    }
    if (this.lastReason === 'stopped') {
      return {
        status: 'stopped',
        text: vscode.l10n.t('The search was stopped. Resume goes on where it was.'),
      };
    }
    return { status: 'failed', text: messageOf(result.output, result.errors) };
  }

  private take(event: SearchEvent): void {
    const { current } = this;
    if (current === undefined) return;
    switch (event.event) {
      case 'started':
        this.lastReason = undefined;
        this.current = {
          ...current,
          folder: event.run,
          backend: event.backend,
          standing: {
            ...current.standing,
            trials: event.trials,
            done: event.resumed,
            secondsLeft: event.budgetSeconds,
          },
        };
        break;
      case 'trial': {
        const { trial, front, done, secondsLeft } = event;
        const { standing } = current;
        const best = Math.max(standing.best ?? 0, trial.result?.validation.int8 ?? 0);
        this.current = {
          ...current,
          standing: {
            ...standing,
            done,
            secondsLeft,
            failed: standing.failed + (trial.status === 'failed' ? 1 : 0),
            best: best > 0 ? best : undefined,
          },
        };
        if (current.folder !== undefined) void this.runs.record(current.folder, trial, front);
        break;
      }
      case 'finished':
        this.lastReason = event.reason;
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
