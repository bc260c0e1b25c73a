/** Starting and resuming a search on a program: the whole of it, from a file to a finished front. */

import { type Dirent, existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

import { seededRandom, shippedProfiles, targetIds, type Profiles, type Target } from '../cost/index.ts';
import type { DataFacts } from '../space/data-facts.ts';
import { type RunningStrategy, strategies } from '../space/index.ts';
import type { Analysis, Decisions } from '../space/types.ts';
import { architectureProblem } from './architecture-problem.ts';
import { refuseUnfitting } from './data-obstacle.ts';
import { SearchError } from './errors.ts';
import { unsupportedMetrics } from './objectives.ts';
import { profilesOfRun } from './profiles.ts';
import { loadProgram, programOfRun } from './program.ts';
import { epochsOf } from './promotion.ts';
import { Ranking } from './ranking.ts';
import { deriveSeed } from './random-source.ts';
import { createStrategy, isRunningStrategy } from './registry.ts';
import {
  createRunFolder,
  defaultRunFolder,
  digestOfSettings,
  readRunSettings,
  requireOwnFiles,
  type RunSettings,
  runPaths,
  writeRunSettings,
} from './run/folder.ts';
import { writeDataFacts } from './run/data-facts.ts';
import { Journal, type JournalRecord } from './run/journal.ts';
import { lockRun, refuseLocked } from './run/lock.ts';
import { type Problem, type RunEnd, work } from './run/run.ts';
import { storageError } from './run/storage.ts';
import { chooseSpace, makeRunSettings, resolveTargets, type SearchOverrides } from './settings.ts';
import type { SearchEvent } from './types.ts';
import { weightSources } from './weights.ts';
import { WorkerPool } from './workers/pool.ts';

export interface SearchHost {
  /** Hears of everything; called in order, must not throw. */
  readonly emit: (event: SearchEvent) => void;
  /** Stops the search; what is journaled stays, and the run can be resumed. */
  readonly signal: AbortSignal;
  /** Worker processes; as many as the file says when undefined, or else one per core. */
  readonly workers?: number | undefined;
  /** The worker's entry where the code is bundled: `dist/.../worker.js`. */
  readonly workerEntry?: string | undefined;
  /** A module in place of the built-in training; see workers/protocol.ts. */
  readonly evaluatorModule?: string | undefined;
  /** Where shipped datasets and WebAssembly files lie when the code is bundled. */
  readonly assets?: EvaluatorAssets | undefined;
}

export interface EvaluatorAssets {
  /** Folder with the files of tfjs-backend-wasm. */
  readonly wasmDir?: string | undefined;
  /** Folder of the subset of Fashion-MNIST that ships. */
  readonly datasetDir?: string | undefined;
  /** Where fetched datasets are kept. */
  readonly cacheDir?: string | undefined;
  /** Whether a dataset may be fetched from its public address into `cacheDir`. */
  readonly download?: boolean | undefined;
}

/** What a worker needs to know of a run to train its trials. */
export interface EvaluatorContext {
  readonly program: RunSettings['program'];
  readonly space: string;
  readonly training: RunSettings['training'];
  readonly assets: EvaluatorAssets;
}

export interface SearchRequest extends SearchOverrides {
  /** The `.nas` file. */
  readonly file: string;
  /** The folder for the new run; `runs/<space>-<date>-<seed>` beside the file when undefined. */
  readonly folder?: string | undefined;
  /** The boards and runtimes that its targets can name; those that ship when undefined. */
  readonly profiles?: Profiles | undefined;
}

/** How a search came to its end, and where it left what it found. */
export type SearchEnd = RunEnd & { readonly folder: string };

/** Recorded in every run. */
const VERSIONS: Readonly<Record<string, string>> = { node: process.versions.node };

/**
 * Makes a run folder from the file as it is now and searches until the budget is used up or the signal stops it.
 * @throws SearchError saying what is wrong and what to do
 */
export async function startSearch(request: SearchRequest, host: SearchHost): Promise<SearchEnd> {
  const created = new Date();
  const { analysis, files } = loadProgram(request.file);
  const settings = makeRunSettings(analysis, files, request, {
    created,
    versions: VERSIONS,
    workers: host.workers,
    profiles: request.profiles ?? shippedProfiles,
  });
  const folder = resolve(
    request.folder ??
      firstFree(defaultRunFolder(resolve(request.file), settings.space, settings.seed, created)),
  );
  // Of a run that another search is working on nobody should be told to resume it.
  refuseLocked(folder);
  createRunFolder(folder);
  return whileLocked(folder, (lost) => {
    writeRunSettings(folder, settings);
    return sit(folder, host, lost);
  });
}

/** The name has the time of day in it, which may come twice: within a second, or when the clock is set back. */
function firstFree(folder: string): string {
  for (let count = 1; ; count++) {
    const place = count === 1 ? folder : `${folder}-${count}`;
    if (!existsSync(place)) return place;
  }
}

/**
 * Goes on with a run from where it was broken off, with the text and settings that it began with.
 * @throws SearchError saying what is wrong and what to do
 */
export async function resumeSearch(folder: string, host: SearchHost): Promise<SearchEnd> {
  // Before the lock, which would make a mess of a folder that is no run.
  readRunSettings(folder);
  requireOwnFiles(folder);
  return whileLocked(folder, (lost) => sit(folder, host, lost));
}

async function whileLocked<T>(folder: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const release = await lockRun(folder, () => lost.abort());
  try {
    return await work(lost.signal);
  } finally {
    await release();
  }
}

async function sit(folder: string, host: SearchHost, lost: AbortSignal): Promise<SearchEnd> {
  const settings = readRunSettings(folder);
  const { journal, contents } = Journal.open(runPaths(folder).journal);
  try {
    if (contents.torn !== undefined) {
      warn(
        host,
        `The last line of ${journal.path} was torn off when the search was interrupted; it is kept in ${journal.path}.torn, and its trial is repeated.`,
      );
    }
    const end = await search(folder, settings, journal, contents.records, host, lost);
    return { ...end, folder };
  } finally {
    journal.close();
  }
}

async function search(
  folder: string,
  settings: RunSettings,
  journal: Journal,
  past: readonly JournalRecord[],
  host: SearchHost,
  lost: AbortSignal,
): Promise<RunEnd> {
  checkSameSettings(folder, past);
  const strategy = nameOfStrategy(settings);
  const { analysis } = programOfRun(settings.program);
  const space = chooseSpace(analysis, settings.space);
  const targets = resolveTargets(analysis, profilesOfRun(settings));
  const problem = architectureProblem(space, targets, settings.objectives, settings.constraints);
  announceLimits(targets, problem, settings, host);
  announceShare(problem, settings.seed, host);
  removeUnfinished(folder);

  const workers = Math.min(host.workers ?? settings.workers ?? availableParallelism(), settings.lookAhead);
  const context: EvaluatorContext = {
    program: settings.program,
    space: settings.space,
    training: settings.training,
    assets: host.assets ?? {},
  };
  const facts =
    host.evaluatorModule === undefined ? await prepareDataset(analysis, context, host) : undefined;
  const pool = new WorkerPool({ workers, context, module: host.evaluatorModule, entry: host.workerEntry });
  try {
    const { backend, dataFingerprint } = await pool.start();
    const elapsed = past.reduce((most, record) => Math.max(most, record.elapsed), 0);
    checkSameGround(past, backend, dataFingerprint, host);
    tellOtherPrices(settings, targets, host);
    if (facts !== undefined) writeDataFacts(folder, facts);
    const epochs = epochsOf(settings);
    const digest = digestOfSettings(folder);
    journal.append({ kind: 'sitting', backend, data: dataFingerprint, workers, settings: digest, elapsed });
    host.emit({
      event: 'started',
      schema: 2,
      run: folder,
      trials: settings.trials,
      budgetSeconds: settings.budgetSeconds,
      fullEpochs: epochs.at(-1) ?? settings.fidelity.high,
      workers,
      backend,
      resumed: past.filter((record) => record.kind === 'evaluation').length,
    });
    const end = await work({
      folder,
      problem,
      strategy: createStrategy(strategy, problem.domain, {
        seed: settings.seed,
        settings: settings.strategySettings,
        weights: settings.objectives.map(({ weight }) => weight),
      }),
      executor: pool,
      weights: weightSources[strategies[strategy].weights]({ executor: pool, folder }),
      journal,
      past,
      seed: settings.seed,
      trials: settings.trials,
      budgetSeconds: settings.budgetSeconds,
      epochs,
      retrain: settings.retrain !== undefined,
      patience: settings.patience,
      lookAhead: settings.lookAhead,
      ranking: new Ranking({ ...settings, targets: targetIds(targets) }),
      emit: host.emit,
      signal: AbortSignal.any([host.signal, lost]),
      now: () => performance.now() / 1000,
    });
    if (lost.aborted) {
      throw new SearchError(
        'locked',
        `Another search took over ${folder}, since this one did not show signs of life for a while. Go on with the other.`,
      );
    }
    return end;
  } finally {
    pool.stop();
  }
}

/** Fetches the dataset once, before every worker opens it, and fails early when it is missing or malformed. */
async function prepareDataset(
  analysis: Analysis,
  context: EvaluatorContext,
  host: SearchHost,
): Promise<DataFacts> {
  const { datasetOf, factsOf, openForSearch } = await import('./training-evaluator.ts');
  const onMessage = (text: string): void => host.emit({ event: 'message', level: 'info', text });
  const space = chooseSpace(analysis, context.space);
  const setting = datasetOf(analysis.settings, space);
  const facts = factsOf(await openForSearch(setting, context, { onMessage, signal: host.signal }));
  if (setting !== undefined) refuseUnfitting(space, context.program.files, setting, facts);
  return facts;
}

function warn({ emit }: SearchHost, text: string): void {
  emit({ event: 'message', level: 'warning', text });
}

function nameOfStrategy({ strategy }: RunSettings): RunningStrategy {
  if (isRunningStrategy(strategy)) return strategy;
  throw new SearchError(
    'settings',
    `This version has no strategy ${strategy}. Use the version that made the run.`,
  );
}

/** Draws for the share of the space that meets the constraints. */
const SHARE_DRAWS = 500;
/** A share below which the person should know that the strategies have to hunt for feasible architectures. */
const SMALL_SHARE = 0.02;

/** Warns when hardly any architecture meets the constraints; the strategies cope, but the person may not know. */
function announceShare({ domain }: Problem<Decisions>, seed: number, host: SearchHost): void {
  const random = seededRandom(deriveSeed(seed, 1));
  let feasible = 0;
  for (let i = 0; i < SHARE_DRAWS; i++) if (domain.violation(domain.sample(random)) <= 0) feasible++;
  const share = feasible / SHARE_DRAWS;
  if (share >= SMALL_SHARE) return;
  const found = feasible === 0 ? `None of ${SHARE_DRAWS}` : `Only ${feasible} of ${SHARE_DRAWS}`;
  const text = `${found} architectures drawn at random meet the constraints by prediction, so the search has to repair others. Add smaller options to the space, or loosen a constraint, if its front stays thin.`;
  warn(host, text);
}

/** Says which constraints and objectives no data supports, since the search has to leave them aside. */
function announceLimits(
  targets: readonly Target[],
  problem: Problem<Decisions>,
  settings: RunSettings,
  host: SearchHost,
): void {
  const { costs } = problem.describe(problem.domain.sample(seededRandom(deriveSeed(settings.seed, 0))));
  const missing = unsupportedMetrics({ costs, result: undefined }, [
    ...settings.constraints,
    ...settings.objectives,
  ]);
  if (missing.length === 0) return;
  const boards = targets.map((target) => target.board.name).join(', ');
  const text = `No data supports a prediction of ${missing.join(' and ')} on ${boards}, so what the file says of it has no effect.`;
  warn(host, text);
}

/** Results by other settings do not belong together, even where the same architectures come up. */
function checkSameSettings(folder: string, past: readonly JournalRecord[]): void {
  const first = past.find((record) => record.kind === 'sitting');
  if (first?.settings === undefined || first.settings === digestOfSettings(folder)) return;
  throw new SearchError(
    'journal',
    `${runPaths(folder).settings} has changed since the run began, so its journal no longer belongs to it. Restore the file, or start a new run with the new settings.`,
  );
}

/** Results on other data cannot be compared; those of another backend hardly. */
function checkSameGround(
  past: readonly JournalRecord[],
  backend: string,
  data: string,
  host: SearchHost,
): void {
  const first = past.find((record) => record.kind === 'sitting');
  if (first === undefined) return;
  if (first.data !== data) {
    throw new SearchError(
      'dataset',
      'The dataset has changed since the run began, so its results cannot be compared with new ones. Restore the data, or start a new run.',
    );
  }
  if (first.backend !== backend) {
    const text = `The run began on ${first.backend} and goes on on ${backend}; results may differ from those of an unbroken run.`;
    warn(host, text);
  }
}

/** Costs by other profiles than the run began with hardly compare: an update may have brought other versions or builds. */
function tellOtherPrices(settings: RunSettings, targets: readonly Target[], host: SearchHost): void {
  const now = targetIds(targets).map((id) => JSON.stringify(id));
  const changed = settings.targets?.filter((id) => !now.includes(JSON.stringify(id))) ?? [];
  if (changed.length === 0) return;
  const names = changed.map(({ target }) => target).join(' and ');
  const text = `What is known of ${names} has changed since the run began, so costs from now on may differ from those of earlier trials. Start a new run to compare like with like.`;
  warn(host, text);
}

/** What a killed worker was writing: see trial-files.ts for the names. Links are neither followed nor removed. */
function removeUnfinished(folder: string): void {
  const { trials } = runPaths(folder);
  const foldersIn = (place: string): Dirent[] =>
    readdirSync(place, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  try {
    for (const trial of foldersIn(trials)) {
      for (const { parentPath, name } of foldersIn(join(trials, trial.name))) {
        if (!unfinishedName.test(name)) continue;
        // The worker of a killed search may live for a moment yet and write while its files are removed.
        rmSync(join(parentPath, name), { recursive: true, force: true, maxRetries: 5 });
      }
    }
  } catch (error) {
    if (existsSync(trials)) throw storageError(trials, error);
  }
}

const unfinishedName = /\.\d+\.tmp$/;
