/** `nasturtium front`: the trials of a run that no other trial beats. */

import { formatBytes, formatMilliseconds } from '../../engine/cost/index.ts';
import {
  missedConstraints,
  programOfRun,
  readRun,
  scoresOf,
  SearchError,
  violationOf,
} from '../../engine/search/index.ts';
import type { RunView } from '../../engine/search/index.ts';
import type { TrialRecord } from '../../engine/search/types.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io } from '../io.ts';
import { durationText, percent } from '../progress/progress.ts';
import { tableLines } from '../table.ts';
import { decidedBy } from './decided.ts';
import { requireRun, searchFailure } from './search.ts';
import { asTyped } from '../invocation.ts';

export interface FrontOptions {
  readonly json: boolean;
  /** Every trial, not only those of the front. */
  readonly all: boolean;
  /** Trial number or `best`: print its architecture as a decided `.nas`. */
  readonly print?: string | undefined;
}

export function front(io: Io, folder: string, options: FrontOptions): number {
  const view = openRun(folder);
  if (options.print !== undefined) {
    const trial = chooseTrial(view, options.print);
    const space = spaceOfRun(view);
    io.out(space.print(decidedBy(trial, space, view)));
    return exitCode.ok;
  }
  if (options.json) printJson(io, frontJson(view, options.all));
  else io.out(`${frontTable(io, view, options.all).join('\n')}\n`);
  return exitCode.ok;
}

/** Throws a {@link CliError} when there is no run. */
export function openRun(folder: string): RunView {
  try {
    return readRun(requireRun(folder));
  } catch (error) {
    if (error instanceof SearchError) throw searchFailure(error);
    throw error;
  }
}

/** The space as it was when the run began. */
export function spaceOfRun(view: RunView): SearchSpace {
  const { analysis } = programOfRun(view.settings.program);
  const space = analysis.spaces.find((each) => each.name === view.settings.space);
  if (space === undefined) {
    throw new CliError(
      'io',
      `${view.folder} does not hold the space "${view.settings.space}" it searched. Its run.json is damaged; restore it.`,
    );
  }
  return space;
}

/** By number, or the best of the front by the run's first objective. Throws a {@link CliError}. */
export function chooseTrial(view: RunView, which: string): TrialRecord {
  if (which === 'best') {
    const [best] = inOrder(view, false);
    if (best !== undefined) return best;
    throw new CliError('search', `${view.folder} has no best trial. ${emptyFront(view)}`);
  }
  const trial = view.trials.find((each) => String(each.trial) === which);
  if (trial !== undefined) return trial;
  const last = view.trials.at(-1)?.trial;
  const known = last === undefined ? 'It has none yet' : `Its trials are numbered up to ${last}`;
  throw new CliError(
    'usage',
    `${view.folder} has no trial ${which}. ${known}; "best" is the best of the front.`,
  );
}

/** Best by the first objective first; trials without a result last. */
function inOrder(view: RunView, all: boolean): TrialRecord[] {
  const chosen = all ? view.trials : view.trials.filter((trial) => view.front.includes(trial.trial));
  const score = (trial: TrialRecord) => scoresOf(trial, view.settings.objectives)[0] ?? 0;
  return [...chosen].sort((a, b) => score(a) - score(b) || a.trial - b.trial);
}

export function frontJson(view: RunView, all: boolean): unknown {
  const { settings } = view;
  return {
    schema: 1,
    run: view.folder,
    file: settings.program.main,
    space: settings.space,
    strategy: settings.strategy,
    seed: settings.seed,
    status: view.status,
    finished_by: view.finishedBy ?? null,
    elapsed_seconds: view.elapsedSeconds,
    objectives: settings.objectives,
    constraints: settings.constraints,
    front: view.front,
    trials: all ? view.trials : view.trials.filter((trial) => view.front.includes(trial.trial)),
  };
}

const statuses: Readonly<Record<RunView['status'], string>> = {
  running: 'a search is at work in it',
  finished: 'finished',
  stopped: `stopped; "${asTyped('resume')}" goes on`,
};

/** Why no trial is on the front, and what to do. */
function emptyFront(view: RunView): string {
  const goOn = view.status === 'finished' ? '' : ' Let the search go on.';
  if (view.trials.length === 0) return `The front is empty: no trial is done.${goOn}`;
  const { constraints } = view.settings;
  const [nearest] = view.trials
    .filter((trial) => trial.status === 'done')
    .sort((a, b) => violationOf(a, constraints) - violationOf(b, constraints) || a.trial - b.trial);
  if (nearest === undefined) {
    return `The front is empty: every trial failed. See why with "${asTyped('front --all --json')}".`;
  }
  const missed = missedConstraints(nearest, constraints).join('; ');
  return `The front is empty: no trial meets every constraint. Trial ${nearest.trial} comes nearest: ${missed}. Train for more epochs, or loosen the constraint.`;
}

export function frontTable(io: Io, view: RunView, all: boolean): string[] {
  const boards = [...new Set(view.trials.flatMap((trial) => Object.keys(trial.costs)))];
  const heads = boards.length > 1 ? (board: string) => ` on ${board}` : () => '';
  const columns = [
    { title: 'trial', align: 'right' as const },
    { title: 'name', align: 'left' as const },
    { title: 'int8', align: 'right' as const },
    { title: 'split', align: 'left' as const },
    ...boards.flatMap((board) => [
      { title: `latency${heads(board)}`, align: 'right' as const },
      { title: `RAM${heads(board)}`, align: 'right' as const },
      { title: `flash${heads(board)}`, align: 'right' as const },
    ]),
    { title: 'epochs', align: 'right' as const },
    ...(all ? [{ title: 'front', align: 'left' as const }] : []),
  ];
  const rows = inOrder(view, all).map((trial) => [
    String(trial.trial),
    trial.name,
    trial.result === undefined ? 'failed' : percent(trial.result.validation.int8),
    trial.result === undefined ? '' : trial.result.test === undefined ? 'validation' : 'test',
    ...boards.flatMap((board) => {
      const cost = trial.costs[board];
      if (cost === undefined) return ['', '', ''];
      const latency = cost.latencyMs === undefined ? 'no data' : formatMilliseconds(cost.latencyMs);
      return [latency, formatBytes(cost.ramBytes), formatBytes(cost.flashBytes)];
    }),
    trial.result === undefined ? '' : String(trial.result.epochs),
    ...(all ? [view.front.includes(trial.trial) ? 'yes' : ''] : []),
  ]);
  const [header = '', ...lines] = tableLines(columns, rows);
  const done = `${view.trials.length} trial${view.trials.length === 1 ? '' : 's'}`;
  return [
    `${io.style('bold', view.settings.space)}: ${done} in ${durationText(view.elapsedSeconds)}, ${statuses[view.status]}.`,
    '',
    ...(lines.length === 0 ? [emptyFront(view)] : [io.style('bold', header), ...lines]),
  ];
}
