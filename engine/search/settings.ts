/** From a program and what a person asks for on top of it to the settings of a run, checked before anything starts. */

import { counted } from '../space/index.ts';
import { availableParallelism } from 'node:os';

import { isCalled, resolveTarget, targetIds, type Profiles, type Target } from '../cost/index.ts';
import {
  DEFAULT_FIDELITY,
  fits,
  limitOf,
  formsOfSearch,
  runningStrategies,
  type RunningStrategy,
  type StrategyRow,
  stopsSearch,
  strategyRow,
} from '../space/index.ts';
import type { Analysis, SearchSetting, SearchSpace } from '../space/types.ts';
import { SearchError } from './errors.ts';
import { defaultObjectives } from './objectives.ts';
import { lookAhead } from './order.ts';
import { addedProfiles } from './profiles.ts';
import { RUN_SCHEMA, type RunSettings } from './run/folder.ts';

/** What the command line or the editor asks for in place of what the file says. */
export interface SearchOverrides {
  /** Name of the space, needed when the file declares several. */
  readonly space?: string | undefined;
  readonly strategy?: string | undefined;
  /** What only that strategy has. */
  readonly strategySettings?: Readonly<Record<string, number | undefined>>;
  readonly seed?: number | undefined;
  readonly trials?: number | undefined;
  readonly budgetSeconds?: number | undefined;
  readonly fidelity?: { readonly low: number; readonly high: number } | undefined;
}

const DEFAULT_STRATEGY: RunningStrategy = 'nsga2';
const DEFAULT_SEED = 1;
const DEFAULT_TRIALS = 100;

/** @throws SearchError `settings` naming the place, the cause and the cure */
export function makeRunSettings(
  analysis: Analysis,
  files: Readonly<Record<string, string>>,
  overrides: SearchOverrides,
  surroundings: {
    readonly created: Date;
    readonly versions: Readonly<Record<string, string>>;
    /** Worker processes that the host asks for. */
    readonly workers: number | undefined;
    readonly profiles: Profiles;
  },
): RunSettings {
  const space = chooseSpace(analysis, overrides.space);
  requireNoErrors(analysis);
  const written = analysis.settings.search;
  const strategy = overrides.strategy ?? written?.strategy ?? DEFAULT_STRATEGY;
  const row = strategyRow(strategy);
  if (row?.runs !== true) {
    const known = runningStrategies.join(', ');
    throw new SearchError('settings', `The strategy ${strategy} cannot search yet. Write one of ${known}.`);
  }
  // A budget asked for replaces whichever kind of budget is written.
  const asked = overrides.trials !== undefined || overrides.budgetSeconds !== undefined;
  const budgetSeconds = asked ? overrides.budgetSeconds : written?.budgetSeconds;
  const trials = asked ? overrides.trials : written?.trials;
  const fidelity = overrides.fidelity ?? written?.fidelity ?? DEFAULT_FIDELITY;
  const { boards } = surroundings.profiles;
  /** Targets go by the ids of their boards, whatever the file calls them. */
  const onBoard = (on: string | undefined): string | undefined =>
    on === undefined ? undefined : (boards.find((board) => isCalled(board, on))?.id ?? on);
  const objectives = analysis.settings.objectives.map(({ direction, metric, weight, on }) => ({
    direction,
    metric,
    weight,
    on: onBoard(on),
  }));
  const workers = optionNumber(written, 'workers');
  const settings: RunSettings = {
    schema: RUN_SCHEMA,
    created: surroundings.created.toISOString(),
    versions: surroundings.versions,
    program: { main: analysis.file, files },
    space: space.name,
    strategy,
    strategySettings: ownSettings(row, written, overrides),
    seed: overrides.seed ?? written?.seed ?? DEFAULT_SEED,
    trials: trials ?? (budgetSeconds === undefined ? DEFAULT_TRIALS : undefined),
    budgetSeconds,
    fidelity,
    retrain: optionNumber(written, 'retrain'),
    patience: optionNumber(written, 'patience'),
    lookAhead: lookAhead.forWorkers(surroundings.workers ?? workers ?? availableParallelism()),
    training: {
      batchSize: optionNumber(written, 'batch'),
      learningRate: optionNumber(written, 'rate'),
      labelSmoothing: optionNumber(written, 'smoothing'),
    },
    workers,
    objectives: objectives.length > 0 ? objectives : defaultObjectives,
    constraints: analysis.settings.constraints
      .filter(({ implied }) => implied !== true)
      .map(({ metric, operator, bound, on }) => ({ metric, operator, bound, on: onBoard(on) })),
  };
  checkNumbers(settings);
  if (analysis.settings.dataset === undefined) {
    throw new SearchError(
      'settings',
      `${analysis.file} names no dataset to train on. Add a line such as: dataset fashion-mnist`,
    );
  }
  const targets = resolveTargets(analysis, surroundings.profiles);
  const ids = targetIds(targets);
  const periods = targets.flatMap(({ schedule }, at) =>
    schedule === undefined ? [] : [{ ...limitOf(schedule), on: ids[at]?.target }],
  );
  const constraints = [...settings.constraints, ...periods];
  return { ...settings, constraints, profiles: addedProfiles(targets), targets: ids };
}

/** @throws SearchError `settings` when there is none, several and no name, or a broken one */
export function chooseSpace(analysis: Analysis, name: string | undefined): SearchSpace {
  const named = name === undefined ? analysis.spaces : analysis.spaces.filter((space) => space.name === name);
  const [space, second] = named;
  const names = analysis.spaces.map((each) => each.name).join(', ');
  // A space that nothing could be made of has errors, which say why.
  const declared = analysis.parse.file.declarations.find(
    (each) => each.kind === 'space' && (name === undefined || each.name?.name === name),
  );
  if (space === undefined && declared?.kind === 'space') throw broken(declared.name?.name ?? '', analysis);
  if (space === undefined) {
    const there = names === '' ? 'declares no space' : `has no space ${name ?? ''}, only ${names}`;
    throw new SearchError('settings', `${analysis.file} ${there}. Declare one, or name one that is there.`);
  }
  if (second !== undefined) {
    throw new SearchError(
      'settings',
      `${analysis.file} declares several spaces: ${names}. Say which one to search.`,
    );
  }
  if (!space.usable) throw broken(space.name, analysis);
  return space;
}

/** What is left out because of an error, such as a constraint, would not be missed until the search is over. */
function requireNoErrors({ file, parse, problems }: Analysis): void {
  const errors = [
    ...parse.problems,
    ...problems.map(stopsSearch).filter((problem) => problem.file === file && problem.severity === 'error'),
  ];
  const [first] = errors;
  if (first === undefined) return;
  const many = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  throw new SearchError(
    'settings',
    `${file} has ${many}, so it may mean something else than is written; mend that first. The first: ${first.message}`,
  );
}

function broken(space: string, { parse, problems }: Analysis): SearchError {
  const problem = parse.problems[0] ?? problems.find(({ severity }) => severity === 'error');
  const why = problem === undefined ? '' : ` The first: ${problem.message}`;
  return new SearchError('settings', `The space ${space} has errors; mend them first.${why}`);
}

/** @throws SearchError `settings` when the program names none or one that is not known */
export function resolveTargets(analysis: Analysis, profiles: Profiles): Target[] {
  const { targets } = analysis.settings;
  if (targets.length === 0) {
    throw new SearchError(
      'settings',
      `${analysis.file} names no target, so costs cannot be predicted. Add a line such as: target "nucleo-f446re"`,
    );
  }
  const resolved = targets.map((setting) => {
    const found = resolveTarget(profiles, setting);
    if ('problem' in found) throw new SearchError('settings', found.problem.message);
    return found.target;
  });
  // Named twice, once by a default that is written out the other time, it is one.
  return [...new Set(resolved)];
}

function optionNumber(search: SearchSetting | undefined, name: string): number | undefined {
  const value = search?.options[name];
  return typeof value === 'number' ? value : undefined;
}

/** What the strategy of the run has, and nothing that is written for another one. */
function ownSettings(
  { settings }: StrategyRow,
  written: SearchSetting | undefined,
  { strategySettings = {} }: SearchOverrides,
): RunSettings['strategySettings'] {
  const own: Record<string, number> = {};
  for (const name of Object.keys(settings)) {
    const value = strategySettings[name] ?? written?.strategySettings[name];
    if (value !== undefined) own[name] = value;
  }
  return own;
}

/** What is asked for on top of the file has the same limits as what is written in it. */
function checkNumbers({ training, fidelity, retrain, ...settings }: RunSettings): void {
  const forms = formsOfSearch(settings.strategy);
  const asked = {
    ...settings.strategySettings,
    trials: settings.trials,
    budget: settings.budgetSeconds,
    seed: settings.seed,
    workers: settings.workers,
    batch: training.batchSize,
    rate: training.learningRate,
    smoothing: training.labelSmoothing,
    patience: settings.patience,
  };
  const refuse = (name: string, value: number, expected: string): never => {
    throw new SearchError('settings', `\`${name}\` is ${value}; it has to be ${expected}.`);
  };
  for (const [name, value] of Object.entries(asked)) {
    const form = forms[name]?.number;
    if (value !== undefined && form !== undefined && !fits(value, form)) refuse(name, value, form.expected);
  }
  const { low, high } = fidelity;
  for (const epochs of [low, high])
    if (!(epochs > 0 && (epochs < 1 || Number.isInteger(epochs))))
      refuse('fidelity', epochs, 'a whole number of epochs, or a share of the images below 1');
  if (high < low) refuse('fidelity', high, `at least the ${low} that it begins with`);
  if (retrain !== undefined && !(Number.isInteger(retrain) && retrain > high)) {
    throw new SearchError(
      'settings',
      `\`retrain\` is ${counted(retrain, 'epoch')}; it has to be a whole number above the ${high} of the last training, since it trains the front once more and for longer. Write more epochs, or leave it out.`,
    );
  }
}
