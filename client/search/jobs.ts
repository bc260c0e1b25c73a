/** The jobs of the command line that the extension uses, with their arguments in one place. */

import { dirname } from 'node:path';
import type { Run, RunResults } from '../history/run.ts';
import { giveWay } from './background.ts';
import type { CommandLine, Finished } from './command-line.ts';
import { readEvent } from './read-event.ts';
import type { SearchEvent } from '../../engine/search/types.ts';
import type { ChildProcess } from 'node:child_process';

export interface SearchJob {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
}

export interface SearchOptions {
  /** 0 means one per core. */
  readonly workers: number;
  /** Where the run goes; beside the file when undefined. */
  readonly runFolder: string | undefined;
  /** When the file has several. */
  readonly space: string | undefined;
}

function workerArguments(workers: number): string[] {
  return workers > 0 ? ['--workers', String(workers)] : [];
}

function events(handle: (event: SearchEvent) => void): (line: string) => void {
  return (line) => {
    const event = readEvent(line);
    if (event !== undefined) handle(event);
  };
}

function inBackground(job: SearchJob): SearchJob {
  giveWay(job.process.pid);
  return job;
}

export function search(
  commandLine: CommandLine,
  file: string,
  options: SearchOptions,
  handle: (event: SearchEvent) => void,
): SearchJob {
  const args = [
    ...['search', file, '--events', ...workerArguments(options.workers)],
    ...(options.runFolder === undefined ? [] : ['--run', options.runFolder]),
    ...(options.space === undefined ? [] : ['--space', options.space]),
  ];
  return inBackground(commandLine.start(args, dirname(file), { onLine: events(handle) }));
}

export function resume(
  commandLine: CommandLine,
  run: Run,
  workers: number,
  handle: (event: SearchEvent) => void,
): SearchJob {
  const args = ['resume', run.folder, '--events', ...workerArguments(workers)];
  return inBackground(commandLine.start(args, run.folder, { onLine: events(handle) }));
}

/** What is read of `cli/schema/front.schema.json`. */
interface FrontDocument {
  readonly trials: RunResults['trials'];
  readonly fronts: RunResults['fronts'];
  readonly full_epochs: number;
  readonly summary: string;
}

export async function resultsOf(commandLine: CommandLine, run: Run): Promise<RunResults> {
  const { trials, fronts, full_epochs, summary } = await commandLine.json<Partial<FrontDocument>>(
    ['front', run.folder],
    run.folder,
  );
  if (!Array.isArray(trials) || !Array.isArray(fronts)) {
    throw new Error(`The trials of ${run.folder} could not be read.`);
  }
  return { trials, fronts, fullEpochs: full_epochs, summary };
}

/** The architecture of a trial as a `.nas` text without choices. */
export async function architectureText(commandLine: CommandLine, run: Run, trial: number): Promise<string> {
  const { code, output, errors } = await commandLine.start(
    ['front', run.folder, '--print', String(trial)],
    run.folder,
  ).finished;
  if (code !== 0) throw new Error(errors.trim());
  return output;
}

/** Writes the trial's model into `folder`. */
export async function exportModel(
  commandLine: CommandLine,
  run: Run,
  trial: number,
  folder: string,
): Promise<unknown> {
  return commandLine.json(['export', run.folder, '--trial', String(trial), '--out', folder], run.folder);
}
