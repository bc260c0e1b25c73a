/** The targets that a file declares, resolved to boards and runtimes. */

import { boards, runtimes, type Board, type Runtime } from '../../device-profiles/index.ts';
import { resolveTarget, shippedProfiles, type Target, type TargetProblem } from '../../engine/cost/index.ts';
import type { Analysis, TargetSetting } from '../../engine/space/types.ts';
import type { Snapshot } from './snapshot.ts';

export interface ResolvedSetting {
  readonly setting: TargetSetting;
  readonly target: Target | undefined;
  readonly problem: TargetProblem | undefined;
}

const known = new WeakMap<Analysis, readonly ResolvedSetting[]>();

export function resolvedTargets(snapshot: Snapshot): readonly ResolvedSetting[] {
  const { analysis } = snapshot;
  let resolved = known.get(analysis);
  if (resolved === undefined) {
    resolved = analysis.settings.targets.map((setting) => {
      const { board, runtime, clockHz } = setting;
      const answer = resolveTarget(shippedProfiles, { board, runtime, clockHz });
      return 'target' in answer
        ? { setting, target: answer.target, problem: undefined }
        : { setting, target: undefined, problem: answer.problem };
    });
    known.set(analysis, resolved);
  }
  return resolved;
}

export const allBoards: readonly Board[] = boards;

/** By id or alias, as the analysis of targets reads it. */
export function findBoard(name: string): Board | undefined {
  const answer = resolveTarget(shippedProfiles, { board: name });
  return 'target' in answer ? answer.target.board : undefined;
}

/** The runtimes that can be built for a board, its default first. */
export function runtimesOf(board: Board): Runtime[] {
  return runtimes
    .filter((runtime) => board.runtimes.includes(runtime.id))
    .sort((a, b) => Number(b.id === board.defaultRuntime) - Number(a.id === board.defaultRuntime));
}
