/** `nasturtium front`: the trials of a run that no other trial beats. */

import {
  fullyTrainedOnly,
  programOfRun,
  readRun,
  type RunView,
  whyEmpty,
} from '../../engine/search/index.ts';
import type { ToldTrial, TrialRecord } from '../../engine/search/types.ts';
import type { Decisions, SearchSpace } from '../../engine/space/types.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { frontJson } from './front-json.ts';
import { frontTable } from './front-table.ts';
import { orFailure, requireRun } from './search.ts';

export interface FrontOptions {
  readonly json: boolean;
  /** Every trial in the table, not only those of the front. */
  readonly all: boolean;
  /** Fully trained trials only, and their front. */
  readonly trained: boolean;
  /** Trial number or `best`: print its architecture as a decided `.nas`. */
  readonly print?: string | undefined;
}

export function front(io: Io, folder: string, options: FrontOptions): number {
  const whole = openRun(folder);
  const view = options.trained ? fullyTrainedOnly(whole) : whole;
  if (options.print !== undefined) {
    const trial = chooseTrial(view, options.print);
    const space = spaceOfRun(view);
    io.exact(space.print(decidedBy(trial, space, view)));
    return exitCode.ok;
  }
  if (options.json) printJson(io, frontJson(view));
  else io.out(`${frontTable(io, view, options.all).join('\n')}\n`);
  return exitCode.ok;
}

/** Throws a {@link CliError} when there is no run. */
export function openRun(folder: string): RunView {
  return orFailure(() => readRun(requireRun(folder)));
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
export function chooseTrial(view: RunView, which: string): ToldTrial {
  if (which === 'best') {
    const best = view.trials.find(({ trial }) => trial === view.best?.trial);
    if (best !== undefined) return best;
    const why = whyEmpty(view.trials, view.settings.constraints);
    throw new CliError('search', `${view.folder} has no best trial. ${why}`);
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

/** Throws a {@link CliError} where the journal tells of an architecture that the space does not have. */
export function decidedBy(trial: TrialRecord, space: SearchSpace, view: RunView): Decisions {
  const normal = space.normalize(trial.decisions);
  if ('decisions' in normal) return normal.decisions;
  throw new CliError(
    'io',
    `Trial ${trial.trial} of ${view.folder} is no architecture of its space: ${normal.error} ` +
      'Its journal or its run.json was changed; restore it from a copy.',
  );
}
