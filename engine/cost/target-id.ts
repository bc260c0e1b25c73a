/** What a target is told apart by: every field that changes a price. */

import { compiledTarget } from './compile.ts';
import { formatHertz } from './format.ts';
import type { Target } from './target.ts';

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
}

const WITH = ' with ';
const AT = ' at ';

export function targetIds(targets: readonly Target[]): TargetId[] {
  return targets.map((target) => {
    const { board, runtime, clockHz } = target;
    const alike = targets.filter((other) => other.board.id === board.id);
    const isOnlyRuntime = alike.every((other) => other.runtime.id === runtime.id);
    const isOnlyClock = alike.every((other) => other.clockHz === clockHz);
    const name =
      board.id + (isOnlyRuntime ? '' : WITH + runtime.id) + (isOnlyClock ? '' : AT + formatHertz(clockHz));
    return {
      ...{ target: name, board: board.id, runtime: runtime.id, clockHz },
      versions: runtime.versions ?? [],
      build: compiledTarget(target).profile?.build,
    };
  });
}

/** Whether a limit or objective `on` a board is about the target of this name: with every runtime and clock of the board. */
export function isTargetOn(target: string, on: string): boolean {
  return target === on || target.startsWith(on + WITH) || target.startsWith(on + AT);
}
