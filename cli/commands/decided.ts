/** What a trial of a run decided, held against the space that the run keeps. */

import type { RunView } from '../../engine/search/index.ts';
import type { TrialRecord } from '../../engine/search/types.ts';
import type { Decisions, SearchSpace } from '../../engine/space/types.ts';
import { CliError } from '../exit-codes.ts';

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
