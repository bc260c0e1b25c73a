/** `schedule/unknown`: a target has a schedule, but what its board draws is not known, so that it gives no average power. */

import { missingOfSchedule } from '../../engine/cost/index.ts';
import type { Problem } from '../../engine/space/types.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

export function unknownSchedules(snapshot: Snapshot): Problem[] {
  return resolvedTargets(snapshot).flatMap(({ setting, target }) => {
    const place = setting.places['schedule'];
    if (target === undefined || place?.file !== snapshot.uri || target.schedule === undefined) return [];
    const missing = missingOfSchedule(target);
    if (missing === undefined) return [];
    const message = `${missing.reason}, so this schedule gives no average power and no battery life. ${missing.cure}`;
    return [problemIn(snapshot, 'schedule/unknown', place, message)];
  });
}
