/**
 * What a run folder holds, as plain data for the command line and the front view. Reads only: a search may be at
 * work in the folder at the same time.
 */

import { type TargetId, targetIds } from '../cost/index.ts';
import { counted } from '../space/index.ts';
import { existsSync } from 'node:fs';

import { endText } from './end-text.ts';
import { SearchError } from './errors.ts';
import { bestTrial, frontOf } from './overall-front.ts';
import { profilesOfRun } from './profiles.ts';
import { programOfRun } from './program.ts';
import { epochsOf } from './promotion.ts';
import { Ranking } from './ranking.ts';
import { type JournalRecord, readJournal } from './run/journal.ts';
import { readRunSettings, type RunSettings, runPaths, trialFolder } from './run/folder.ts';
import { isLockedRun } from './run/lock.ts';
import { resolveTargets } from './settings.ts';
import type { BestTrial, KnownTarget, TargetFront, ToldTrial, TrialRecord } from './types.ts';

export interface RunView {
  readonly folder: string;
  readonly settings: RunSettings;
  /** `running`: a search works in it now; `finished`: nothing is left to do; `stopped`: it can be resumed. */
  readonly status: 'running' | 'finished' | 'stopped';
  readonly finishedBy: 'trials' | 'budget' | 'exhausted' | 'patience' | undefined;
  /** The latest evaluation of every trial, by trial number. */
  readonly trials: readonly ToldTrial[];
  /** Of each target, in the order of the program. */
  readonly fronts: readonly TargetFront[];
  /**
   * Trials that no other beats where each is judged by its worst target, ascending: what the search goes for. On a
   * single target this is its front.
   */
  readonly front: readonly number[];
  /** Epochs of the last training, as the settings ask for. */
  readonly fullEpochs: number;
  readonly best: BestTrial | undefined;
  /** How it ended or where it stands, in words. */
  readonly summary: string;
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
  const ranking = new Ranking({ ...settings, targets: targetsOf(settings, trials) });
  for (const trial of trials) ranking.hear(trial);
  const front = frontOf(trials, settings);
  const status = finishedBy !== undefined ? 'finished' : isLockedRun(folder) ? 'running' : 'stopped';
  const best = bestTrial(trials, front, settings.objectives);
  const seconds = records.reduce((most: number, entry: JournalRecord) => Math.max(most, entry.elapsed), 0);
  return {
    folder,
    settings,
    status,
    finishedBy,
    trials: trials.map((trial) => ranking.tell(trial)),
    fronts: ranking.current(),
    front,
    best,
    fullEpochs: epochsOf(settings).at(-1) ?? settings.fidelity.high,
    summary:
      status === 'running'
        ? `A search is at work in the run: ${counted(trials.length, 'trial')} so far.`
        : endText({ ...settings, reason: finishedBy ?? 'stopped', records: trials, seconds, best }),
    elapsedSeconds: seconds,
  };
}

function keepLatest(latest: Map<number, TrialRecord>, record: TrialRecord): void {
  const known = latest.get(record.trial);
  if (known === undefined || known.stage <= record.stage) latest.set(record.trial, record);
}

/** As the run says; of an older one by its program, or else by what the trials have costs for. */
function targetsOf(settings: RunSettings, trials: readonly TrialRecord[]): readonly KnownTarget[] {
  const priced = [...new Set(trials.flatMap(({ costs }) => Object.keys(costs)))];
  const known = settings.targets ?? resolvedTargets(settings);
  const isPriced = priced.length === 0 || priced.every((name) => known.some(({ target }) => target === name));
  return isPriced ? known : priced.map((target) => ({ target }));
}

function resolvedTargets(settings: RunSettings): readonly TargetId[] {
  try {
    return targetIds(resolveTargets(programOfRun(settings.program).analysis, profilesOfRun(settings)));
  } catch (error) {
    if (error instanceof SearchError) return [];
    throw error;
  }
}

/** The same run as if it had no other trials than those that have had the last training. */
export function fullyTrainedOnly(view: RunView): RunView {
  const trials = view.trials.filter(({ fullyTrained }) => fullyTrained);
  const front = frontOf(trials, view.settings);
  return {
    ...view,
    trials,
    front,
    fronts: view.fronts.map((each) => ({ ...each, trials: each.fullyTrained })),
    best: bestTrial(trials, front, view.settings.objectives),
  };
}

/** The folder with the weights and the model of a trial's latest evaluation; undefined when it has none. */
export function savedTrial(folder: string, trial: TrialRecord): string | undefined {
  if (trial.result === undefined) return undefined;
  const path = trialFolder(folder, trial.trial, trial.result.epochs);
  return existsSync(path) ? path : undefined;
}
