/**
 * What keeps a file from being searched: the errors that `check` and the editor show, and nothing else. Where no search is
 * written one can be asked for all the same, so what only prices networks is weighed as if it were.
 */

import { stopsSearch } from '../../engine/space/index.ts';
import type { Problem } from '../../engine/space/types.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemsOf } from './index.ts';

/** In the order of the text. */
export function searchObstacles(snapshot: Snapshot, settings: Settings): readonly Problem[] {
  const errors = problemsOf(snapshot, settings)
    .map(stopsSearch)
    .filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? errors : lacking(snapshot);
}

/** What a file that only prices networks has no need of. A search that is written says so itself. */
function lacking(snapshot: Snapshot): Problem[] {
  const { settings, spaces } = snapshot.analysis;
  const [space] = spaces;
  if (space === undefined) return [];
  const lacks =
    settings.dataset === undefined
      ? 'no dataset to train on. Write for example `dataset fashion-mnist`.'
      : settings.targets.length === 0
        ? 'no target, so costs cannot be predicted. Write for example `target "nucleo-f446re"`.'
        : undefined;
  if (lacks === undefined) return [];
  const { start, end } = space.declaration.name ?? space.declaration;
  return [
    {
      code: 'setting/missing',
      severity: 'error',
      message: `A search has ${lacks}`,
      file: snapshot.uri,
      start,
      end,
      related: [],
      fixes: [],
    },
  ];
}
