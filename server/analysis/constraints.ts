/** Constraints beside what the space can give: whether all, some or no architectures meet them, and why. */

import {
  constraintVerdict,
  formatMetric,
  isAbout,
  type Range,
  type ConstraintVerdict,
  type Target,
} from '../../engine/cost/index.ts';
import { metrics } from '../../engine/space/index.ts';
import type { ConstraintSetting, SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts, type SpaceCost } from './costs.ts';
import type { Snapshot } from './snapshot.ts';
import { resolvedTargets } from './targets.ts';

export interface ConstraintView {
  readonly setting: ConstraintSetting;
  readonly space: SearchSpace;
  /** Id of the board; `undefined` for metrics that no target changes. */
  readonly board: string | undefined;
  readonly verdict: ConstraintVerdict['verdict'];
  readonly exact: boolean;
  readonly blame: ConstraintVerdict['blame'];
  /** What the space can give: `3.1–9.4 ms`. */
  readonly range: string;
  /** Of a limit on flash, bytes of the runtime and its kernels: on top of the model file, or a part of the total. */
  readonly runtimeBytes: Range | undefined;
  /** `latency is 3.1–9.4 ms` */
  readonly text: string;
}

/** Every constraint on every space and target that it applies to and that has a number there. */
export function constraintViews(snapshot: Snapshot): readonly ConstraintView[] {
  return (snapshot.derived.views ??= snapshot.analysis.settings.constraints.flatMap((setting) =>
    spaceCosts(snapshot).flatMap((cost) => viewsOf(setting, cost, snapshot)),
  ));
}

/** What a schedule implies is of the one target that has it at that place. */
export function appliesTo(setting: ConstraintSetting, target: Target, snapshot: Snapshot): boolean {
  if (setting.implied !== true) return isAbout(setting, target);
  const own = resolvedTargets(snapshot).find((each) => each.setting.places['schedule'] === setting.source);
  return own?.target === target;
}

function viewsOf(
  setting: ConstraintSetting,
  { space, targets }: SpaceCost,
  snapshot: Snapshot,
): ConstraintView[] {
  const applying = targets.filter(({ target }) => appliesTo(setting, target, snapshot));
  const counted = metrics[setting.metric].from === 'counted';
  // What no target changes is said once.
  return applying.slice(0, counted ? 1 : undefined).flatMap(({ target, bounds }) => {
    const { verdict, bound, blame } = constraintVerdict(bounds, setting);
    if (bound === undefined) return [];
    const range = formatMetric(setting.metric, bound);
    return [
      {
        setting,
        space,
        board: counted ? undefined : target.board.id,
        verdict,
        exact: bound.exact,
        blame,
        range,
        runtimeBytes: setting.metric.startsWith('flash') ? bounds.runtimeFlashBytes : undefined,
        text: `${setting.metric} is ${range}`,
      },
    ];
  });
}
