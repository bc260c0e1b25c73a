/** A run as its folder on disk tells of it. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { readText, RegularFile } from '../../engine/files/index.ts';
import type { RunSettings } from '../../engine/search/run/folder.ts';
import type { TargetFront, ToldTrial, TrialRecord } from '../../engine/search/types.ts';
import { formatMetric } from '../../engine/cost/format.ts';

export interface Run {
  readonly folder: string;
  readonly settings: RunSettings;
  /** The journal says that nothing is left to do. */
  readonly finished: boolean;
}

/** What training gave so far, as the command line tells it. */
export interface RunResults {
  readonly trials: readonly ToldTrial[];
  readonly fronts: readonly TargetFront[];
  /** Epochs of the last training; undefined as long as nothing has been heard of the run. */
  readonly fullEpochs: number | undefined;
  /** How the search ended, in words; undefined while it goes on. */
  readonly summary: string | undefined;
}

export const noResults: RunResults = { trials: [], fronts: [], fullEpochs: undefined, summary: undefined };

/** The trials that are on some front, the most accurate first. */
export function bestTrials({ trials, fronts }: RunResults): readonly ToldTrial[] {
  const best = new Set(fronts.flatMap((front) => front.trials));
  return trials
    .filter(({ trial }) => best.has(trial))
    .sort((a, b) => (b.result?.validation.int8 ?? 0) - (a.result?.validation.int8 ?? 0));
}

/** What is known of a trial, in short: its accuracy, and of its costs on the first target those that are asked for. */
export function factsOf(
  { result, costs }: TrialRecord,
  wanted: readonly ('latency' | 'ram' | 'flash')[],
): string[] {
  const [cost] = Object.values(costs);
  const units = { latency: '', ram: ' RAM', flash: ' flash' };
  return [
    ...(result === undefined ? [] : [formatMetric('accuracy', result.validation.int8)]),
    ...wanted.flatMap((metric) => {
      const value = cost?.[metric];
      return value === undefined ? [] : [`${formatMetric(metric, value)}${units[metric]}`];
    }),
  ];
}

/** The run in a folder, or `undefined` when there is none that this version can read. */
export async function readRun(folder: string): Promise<Run | undefined> {
  const text = await readText(join(folder, 'run.json'), 'run settings', { links: 'refuse' }).catch(
    () => undefined,
  );
  if (text === undefined) return undefined;
  try {
    const settings = JSON.parse(text) as Partial<RunSettings> | null;
    if (!isShowable(settings)) return undefined;
    return {
      folder,
      settings,
      finished: /"kind":"finished"/.test(endOf(join(folder, 'journal.jsonl'))),
    };
  } catch {
    return undefined;
  }
}

/** What the views show of a run; the command line holds all of it to a schema before it uses any. */
function isShowable(settings: Partial<RunSettings> | null): settings is RunSettings {
  return (
    settings !== null &&
    [1, 2].includes(settings.schema ?? 0) &&
    [settings.created, settings.space, settings.strategy, settings.program?.main].every(
      (text) => typeof text === 'string',
    ) &&
    [settings.objectives, settings.constraints].every(
      (goals: unknown) => Array.isArray(goals) && goals.every(namesMetric),
    )
  );
}

const namesMetric = (goal: unknown): boolean =>
  typeof goal === 'object' && goal !== null && 'metric' in goal && typeof goal.metric === 'string';

/** Bytes in which the last record of a journal fits if it is that of an end. */
const lastRecord = 400;

/** The end of a file's text; none where it cannot be read. */
function endOf(path: string): string {
  let file: RegularFile;
  try {
    file = RegularFile.open(path, 'journal', { links: 'refuse' });
  } catch {
    return '';
  }
  try {
    const bytes = new Uint8Array(Math.min(file.size, lastRecord));
    return new TextDecoder().decode(bytes.subarray(0, file.read(bytes, file.size - bytes.length)));
  } finally {
    file.close();
  }
}

/** How deep below a workspace folder `.nas` files with runs beside them are looked for. */
const deepest = 4;
const skipped = new Set(['node_modules', '.git', 'dist', 'out']);

/** All runs below the folders of a workspace. `name` is the setting: a folder's name, or an absolute path. */
export async function findRuns(workspaceFolders: readonly string[], name: string): Promise<Run[]> {
  const places: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory() || skipped.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.name === name) places.push(path);
      else if (depth < deepest) await walk(path, depth + 1);
    }
  };
  if (isAbsolute(name)) places.push(name);
  else for (const folder of workspaceFolders) await walk(folder, 1);

  const found: Run[] = [];
  for (const place of places.filter((path) => existsSync(path))) {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const run = entry.isDirectory() ? await readRun(join(place, entry.name)) : undefined;
      if (run !== undefined) found.push(run);
    }
  }
  return found.sort((a, b) => (a.settings.created < b.settings.created ? 1 : -1));
}
