/** From a run and its results to what the front view shows. Pure. */

import type { Run, RunResults } from '../history/run.ts';
import type { Costs, FrontState, Limit, Metric, Point } from './messages.ts';

export interface Progress {
  readonly status: FrontState['status'];
  readonly statusText: string;
}

function pointsOf({ trials, front }: RunResults): Point[] {
  const best = new Set(front);
  return trials.flatMap((trial): Point[] => {
    const { result } = trial;
    if (trial.status !== 'done' || result === undefined) return [];
    const costs = Object.entries(trial.costs).map(([target, cost]): [string, Costs] => [
      target,
      {
        ...(cost.latencyMs === undefined ? {} : { latency: cost.latencyMs }),
        ...(cost.energyUj === undefined ? {} : { energy: cost.energyUj }),
        ram: cost.ramBytes,
        flash: cost.flashBytes,
        macs: cost.macs,
        parameters: cost.parameters,
      },
    ]);
    return [
      {
        trial: trial.trial,
        name: trial.name,
        accuracy: result.validation.int8,
        accuracyOn: result.test === undefined ? 'validation' : 'test',
        epochs: result.epochs,
        front: best.has(trial.trial),
        costs: Object.fromEntries(costs),
      },
    ];
  });
}

function limitsOf({ settings }: Run): Limit[] {
  return settings.constraints.flatMap(({ metric, operator, bound, on }): Limit[] =>
    operator === '=='
      ? []
      : [
          {
            metric: metric satisfies Metric,
            allowed: operator.startsWith('<') ? 'below' : 'above',
            bound,
            target: on,
          },
        ],
  );
}

export function frontState(run: Run, title: string, results: RunResults, progress: Progress): FrontState {
  return {
    run: run.folder,
    title,
    ...progress,
    targets: [...new Set(results.trials.flatMap(({ costs }) => Object.keys(costs)))],
    points: pointsOf(results),
    limits: limitsOf(run),
    failedTrials: results.trials.filter(({ status }) => status === 'failed').length,
  };
}
