/** The name by which a run keeps what a trial costs on a target. */

import type { Target } from '../cost/index.ts';
import type { TargetFront } from './types.ts';

const WITH = ' with ';

/** The board's id; followed by the runtime's where the run has that board with several runtimes. */
export function targetKeys(targets: readonly Target[]): string[] {
  return targets.map(({ board, runtime }) => {
    const isAlone = targets.filter((other) => other.board.id === board.id).length === 1;
    return isAlone ? board.id : `${board.id}${WITH}${runtime.id}`;
  });
}

/** Whether a limit or objective `on` a board is about this target: with every runtime of the board. */
export function isTargetOn(key: string, on: string): boolean {
  return key === on || key.startsWith(`${on}${WITH}`);
}

/** What is told of each target beside its front. */
export function rankedTargets(
  targets: readonly Target[],
): Pick<TargetFront, 'target' | 'runtime' | 'clockHz'>[] {
  const keys = targetKeys(targets);
  return targets.map(({ board, runtime, clockHz }, i) => ({
    target: keys[i] ?? board.id,
    runtime: runtime.id,
    clockHz,
  }));
}
