/** What a target is told apart by: every field that changes a price. */

import { compiledTarget } from './compile.ts';
import { buildText, scheduleText, type Target } from './target.ts';
import { targetName } from './target-name.ts';

export interface TargetId {
  /** Unique among the targets that it was made with: the board's id, and of the rest what tells them apart. */
  readonly target: string;
  readonly board: string;
  readonly runtime: string;
  readonly clockHz: number;
  /** Of what the runtime is made of (TFLite Micro, its kernels), as far as its profile says. */
  readonly versions: readonly string[];
  /** Version of the kernels and compiler flags that the latencies are of; absent where there are none. */
  readonly build?: string | undefined;
  /** `every 2 s on 230 mAh at 3 V`; absent where the target has none. */
  readonly schedule?: string | undefined;
}

export function targetIds(targets: readonly Target[]): TargetId[] {
  return targets.map((target) => {
    const { board, runtime, clockHz } = target;
    const alike = targets.filter((other) => other.board.id === board.id);
    const isOnlyClock = alike.every((other) => other.clockHz === clockHz);
    const isOnlyBuild = alike.every(
      (other) => other.runtime.id !== runtime.id || buildText(other) === buildText(target),
    );
    const isOnlyRuntime = isOnlyBuild && alike.every((other) => other.runtime.id === runtime.id);
    const schedule = scheduleText(target);
    const isOnlySchedule = alike.every((other) => scheduleText(other) === schedule);
    const built = isOnlyBuild ? runtime.id : `${runtime.id} ${buildText(target) ?? ''}`;
    const name = targetName(board.id, {
      runtime: isOnlyRuntime ? undefined : built,
      clockHz: isOnlyClock ? undefined : clockHz,
      schedule: isOnlySchedule ? undefined : schedule,
    });
    return {
      ...{ target: name, board: board.id, runtime: runtime.id, clockHz },
      versions: runtime.versions ?? [],
      build: buildText(target) ?? compiledTarget(target).profile?.build,
      ...(schedule === '' ? {} : { schedule }),
    };
  });
}
