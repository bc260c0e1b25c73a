/**
 * What a run folder holds, as plain data for the command line and the front view. Reads only: a search may be at
 * work in the folder at the same time.
 */

import { existsSync } from 'node:fs';
import { type JournalRecord, readJournal } from './run/journal.ts';
import { readRunSettings, type RunSettings, runPaths, trialFolder } from './run/folder.ts';
import { isLockedRun } from './run/lock.ts';
import { scoresOf, violationOf } from './objectives.ts';
import { nonDominated } from './pareto.ts';
import type { TrialRecord } from './types.ts';

export interface RunView {
  readonly folder: string;
  readonly settings: RunSettings;
  /** `running`: a search works in it now; `finished`: nothing is left to do; `stopped`: it can be resumed. */
  readonly status: 'running' | 'finished' | 'stopped';
  readonly finishedBy: 'trials' | 'budget' | 'exhausted' | 'patience' | undefined;
  /** The latest evaluation of every trial, by trial number. */
  readonly trials: readonly TrialRecord[];
  /** Trial numbers that no other trial dominates, ascending. */
  readonly front: readonly number[];
  /** Seconds of active searching. */
  readonly elapsedSeconds: number;
}

/** @throws SearchError `folder` when there is no run, `journal` when its journal is damaged */
export function readRun(folder: string): RunView {
  const settings = readRunSettings(folder);
  const { records } = readJournal(runPaths(folder).journal);
  const latest = new Map<number, TrialRecord>();
  let finishedBy: RunView['finishedBy'];
  for (const entry of records) {
    if (entry.kind === 'evaluation') keepLatest(latest, entry.record);
    else if (entry.kind === 'finished') finishedBy = entry.reason;
  }
  const trials = [...latest.values()].sort((a, b) => a.trial - b.trial);
  return {
    folder,
    settings,
    status: finishedBy !== undefined ? 'finished' : isLockedRun(folder) ? 'running' : 'stopped',
    finishedBy,
    trials,
    front: frontOf(trials, settings),
    elapsedSeconds: records.reduce((most: number, entry: JournalRecord) => Math.max(most, entry.elapsed), 0),
  };
}

function keepLatest(latest: Map<number, TrialRecord>, record: TrialRecord): void {
  const known = latest.get(record.trial);
  if (known === undefined || known.stage <= record.stage) latest.set(record.trial, record);
}

/** The same rule as during the search: by latest results, of equal trials the first. */
export function frontOf(
  trials: readonly TrialRecord[],
  settings: Pick<RunSettings, 'objectives' | 'constraints'>,
): number[] {
  const usable = trials.filter(
    (trial) => trial.status === 'done' && violationOf(trial, settings.constraints) <= 0,
  );
  const scores = usable.map((trial) => scoresOf(trial, settings.objectives));
  return nonDominated(scores).flatMap((i) => usable[i]?.trial ?? []);
}

/** The folder with the weights and the model of a trial's latest evaluation; undefined when it has none. */
export function savedTrial(folder: string, trial: TrialRecord): string | undefined {
  if (trial.result === undefined) return undefined;
  const path = trialFolder(folder, trial.trial, trial.result.epochs);
  return existsSync(path) ? path : undefined;
}
