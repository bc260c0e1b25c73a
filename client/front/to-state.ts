/** From a run and its results to what the front view shows. Pure. */

import type { Run, RunResults } from '../history/run.ts';
import type { FrontState, Limit, Point } from './messages.ts';

export interface Progress {
  readonly status: FrontState['status'];
  readonly statusText: string;
  /** `statusText` tells what this window saw of the search, not what can be guessed from its folder. */
  readonly seen: boolean;
}

function pointsOf({ trials, fronts }: RunResults): Point[] {
  return trials.flatMap((trial): Point[] => {
    const { result, testInterval } = trial;
    if (trial.status !== 'done' || result === undefined) return [];
    const on = (members: (front: RunResults['fronts'][number]) => readonly number[]): string[] =>
      fronts.filter((front) => members(front).includes(trial.trial)).map(({ target }) => target);
    return [
      {
        trial: trial.trial,
        name: trial.name,
        accuracy: result.validation.int8,
        test: result.test && {
          accuracy: result.test.int8,
          low: testInterval?.low,
          high: testInterval?.high,
        },
        epochs: result.epochs,
        fullyTrained: trial.fullyTrained,
        breaks: trial.breaks,
        front: on((front) => front.trials),
        frontOfTrained: on((front) => front.fullyTrained),
        costs: trial.costs,
      },
    ];
  });
}

function limitsOf({ settings }: Run): Limit[] {
  return settings.constraints.flatMap(({ metric, operator, bound, on }): Limit[] =>
    operator === '=='
      ? []
      : [{ metric, allowed: operator.startsWith('<') ? 'below' : 'above', bound, target: on }],
  );
}

export function frontState(run: Run, title: string, results: RunResults, progress: Progress): FrontState {
  return {
    run: run.folder,
    title,
    status: progress.status,
    // What the process of the search said counts; of a run that was searched elsewhere, its results tell.
    statusText: progress.seen ? progress.statusText : (results.summary ?? progress.statusText),
    targets: results.fronts.map(({ target }) => target),
    fullEpochs: results.fullEpochs,
    objectives: run.settings.objectives.map(({ metric, on }) => ({ metric, target: on })),
    points: pointsOf(results),
    limits: limitsOf(run),
    failedTrials: results.trials.filter(({ status }) => status === 'failed').length,
  };
}
