/**
 * A run is a folder:
 *
 *     run.json         settings and the program's text, written once
 *     journal.jsonl    what has happened, append-only
 *     data.json        how its networks are fed and what they answer
 *     trials/<n>/<e>/  weights and model of trial n after e epochs, whole or absent
 *     lock, owner.json while a search works in it
 */

import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { faultSentence } from '../../../device-profiles/fault-sentences.ts';
import { checkBoard, checkRuntime } from '../../../device-profiles/load.ts';
import type { Profiles, TargetId } from '../../cost/index.ts';
import { FileError, makeFolder, readTextSync, writeWhole } from '../../files/index.ts';
import { SearchError } from '../errors.ts';
import type { Constraint, Objective } from '../objectives.ts';
import { insideRun } from './inside.ts';
import { readJournal } from './journal.ts';
import { storageError } from './storage.ts';
import { parseStored } from './stored.ts';

export const RUN_SCHEMA = 2;

const SETTINGS = 'run.json';
const JOURNAL = 'journal.jsonl';
const TRIALS = 'trials';

/** Everything that decides how a run goes; together with the code it determines the front. */
export interface RunSettings {
  readonly schema: typeof RUN_SCHEMA;
  /** ISO 8601 */
  readonly created: string;
  readonly versions: Readonly<Record<string, string>>;
  /** The text as it was, so that later edits do not touch the run. Keys are paths. */
  readonly program: { readonly main: string; readonly files: Readonly<Record<string, string>> };
  /** Boards and runtimes of the workspace that its targets are made of; absent when all of them ship. */
  readonly profiles?: Profiles | undefined;
  /** What trials are priced on, in the order of the program; absent in a run of schema 1. */
  readonly targets?: readonly TargetId[] | undefined;
  readonly space: string;
  readonly strategy: string;
  /** What the strategy has of its own, where something is asked for. */
  readonly strategySettings: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly trials: number | undefined;
  readonly budgetSeconds: number | undefined;
  /** Epochs of the first training and of the last. */
  readonly fidelity: { readonly low: number; readonly high: number };
  /** Epochs of a last training of the front, beyond those of `fidelity`. */
  readonly retrain?: number | undefined;
  /** Trials in a row that may miss the front before no more are proposed. */
  readonly patience?: number | undefined;
  readonly lookAhead: number;
  /** What the file says of training beside the epochs; absent means the trainer's default. */
  readonly training: {
    readonly batchSize?: number | undefined;
    readonly learningRate?: number | undefined;
    /** Share of each label that is spread over all classes. */
    readonly labelSmoothing?: number | undefined;
  };
  /** Worker processes that the file asks for. It has no influence on the result. */
  readonly workers: number | undefined;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

export interface RunPaths {
  readonly settings: string;
  readonly journal: string;
  readonly trials: string;
}

export function runPaths(folder: string): RunPaths {
  return {
    settings: join(folder, SETTINGS),
    journal: join(folder, JOURNAL),
    trials: join(folder, TRIALS),
  };
}

/** `runs/<space>-<date>-<seed>` beside the program. */
export function defaultRunFolder(file: string, space: string, seed: number, now: Date): string {
  const date = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return join(dirname(file), 'runs', `${space}-${date}-${seed}`);
}

/** Where weights and model of a trial are kept. @throws SearchError `folder` when that is not inside the run */
export function trialFolder(folder: string, trial: number, epochs: number): string {
  return insideRun(folder, TRIALS, String(trial), String(epochs));
}

/** @throws SearchError `folder` when something that a search writes to or removes is a link */
export function requireOwnFiles(folder: string): void {
  for (const name of [SETTINGS, JOURNAL, `${JOURNAL}.torn`, 'data.json', TRIALS]) insideRun(folder, name);
}

/**
 * Makes the folder of a new run.
 * @throws SearchError `folder` when it holds a run already, `storage` when it cannot be written
 */
export function createRunFolder(folder: string): void {
  requireOwnFiles(folder);
  refuseExisting(folder);
  const paths = runPaths(folder);
  try {
    makeFolder(paths.trials);
  } catch (error) {
    throw storageError(paths.trials, error, 'start the search again');
  }
}

/** One in which no trial has come to an end yet holds nothing that could be lost. */
function refuseExisting(folder: string): void {
  const paths = runPaths(folder);
  if (!existsSync(paths.settings)) return;
  const { records } = readJournal(paths.journal);
  if (!records.some(({ kind }) => kind === 'evaluation' || kind === 'finished')) return;
  throw new SearchError(
    'folder',
    `${folder} holds a run already. Resume it, or choose another folder for the new run.`,
  );
}

/**
 * Writes the settings of a new run into a folder that is locked, so that two that begin at once do not mix.
 * @throws SearchError `folder` when it holds a run already, `storage` when it cannot be written
 */
export function writeRunSettings(folder: string, settings: RunSettings): void {
  const paths = runPaths(folder);
  refuseExisting(folder);
  try {
    rmSync(paths.journal, { force: true });
    writeWhole(paths.settings, `${JSON.stringify(settings, null, 2)}\n`);
  } catch (error) {
    throw storageError(paths.settings, error, 'start the search again');
  }
}

/** @throws SearchError `folder` when there is no run there, a newer version wrote it or it is not as one wrote it */
export function readRunSettings(folder: string): RunSettings {
  const path = insideRun(folder, SETTINGS);
  let text: string;
  try {
    text = readTextSync(path, 'run settings', { links: 'refuse' });
  } catch (error) {
    const why =
      error instanceof FileError && error.code !== 'missing' ? error.message : `${path} cannot be read.`;
    throw new SearchError('folder', `There is no run in ${folder}: ${why} Name the folder of a run.`, {
      cause: error,
    });
  }
  const stored = parseStored(text, 'run');
  if ('fault' in stored) throw unusable(folder, path, text, stored.fault);
  // The schema vouches for it. JSON drops undefined members; what is absent reads as undefined.
  const settings = stored.value as RunSettings;
  const fault = textMissing(settings) ?? unknownProfile(settings);
  if (fault !== undefined) throw unusable(folder, path, text, fault);
  return settings;
}

function textMissing({ program }: RunSettings): string | undefined {
  return Object.hasOwn(program.files, program.main)
    ? undefined
    : `"program.files" lacks the text of "program.main".`;
}

/** Boards and runtimes of the run are held to the same schemas as those of a workspace. */
function unknownProfile({ profiles }: RunSettings): string | undefined {
  const checked = [
    ...(profiles?.boards ?? []).map((board) => checkBoard(board)),
    ...(profiles?.runtimes ?? []).map((runtime) => checkRuntime(runtime)),
  ];
  const [first] = checked.flatMap((each) => ('errors' in each ? each.errors : []));
  return first && faultSentence(first, 'A board or a runtime under "profiles"');
}

function unusable(folder: string, path: string, text: string, fault: string): SearchError {
  const schema = schemaOf(text);
  if (schema !== RUN_SCHEMA && schema !== undefined) {
    return new SearchError(
      'folder',
      `${basename(path)} in ${folder} has schema ${JSON.stringify(schema)}, and this version reads schema ${RUN_SCHEMA}. ` +
        'Use the version of Nasturtium that made the run.',
    );
  }
  return new SearchError(
    'folder',
    `${path} is not as a search writes it. ${fault} Restore it from a copy, or start a new run.`,
  );
}

function schemaOf(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('schema' in value)) return undefined;
    return typeof value.schema === 'number' ? value.schema : undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a run.json is the one that the run began with, however it is laid out. Of one that can be read. */
export function digestOfSettings(folder: string): string {
  const value: unknown = JSON.parse(
    readTextSync(insideRun(folder, SETTINGS), 'run settings', { links: 'refuse' }),
  );
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
