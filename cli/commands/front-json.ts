/** A run with its trials and the front of every target as data; `cli/schema/front.schema.json`. */

import type { RunView } from '../../engine/search/index.ts';

export function frontJson(view: RunView): unknown {
  const { settings } = view;
  return {
    schema: 2,
    run: view.folder,
    file: settings.program.main,
    space: settings.space,
    strategy: settings.strategy,
    seed: settings.seed,
    status: view.status,
    finished_by: view.finishedBy ?? null,
    elapsed_seconds: view.elapsedSeconds,
    summary: view.summary,
    objectives: settings.objectives,
    constraints: settings.constraints,
    full_epochs: view.fullEpochs,
    best: view.best?.trial ?? null,
    fronts: view.fronts,
    trials: view.trials,
  };
}
