/** The targets that a file declares, resolved to boards and runtimes. */

import type { Board } from '../../device-profiles/types.ts';
import { resolveTarget, type Profiles, type Target, type TargetProblem } from '../../engine/cost/index.ts';
import type { Analysis, TargetSetting } from '../../engine/space/types.ts';
import type { Snapshot } from './snapshot.ts';

export interface ResolvedSetting {
  readonly setting: TargetSetting;
  readonly target: Target | undefined;
  readonly problem: TargetProblem | undefined;
}

/** Wrong targets of a file for which what was meant is looked for. */
const mostSuggested = 100;

const known = new WeakMap<Analysis, readonly ResolvedSetting[]>();

export function resolvedTargets(snapshot: Snapshot): readonly ResolvedSetting[] {
  const { analysis } = snapshot;
  let resolved = known.get(analysis);
  if (resolved === undefined) {
    let problems = 0;
    resolved = analysis.settings.targets.map((setting) => {
      const suggests = problems < mostSuggested;
      const answer = resolveTarget(snapshot.profiles, setting, suggests);
      if ('problem' in answer) problems++;
      return 'target' in answer
        ? { setting, target: answer.target, problem: undefined }
        : { setting, target: undefined, problem: answer.problem };
    });
    known.set(analysis, resolved);
  }
  return resolved;
}

/** By id or alias, as the analysis of targets reads it. */
export function findBoard(profiles: Profiles, name: string): Board | undefined {
  const answer = resolveTarget(profiles, { board: name });
  return 'target' in answer ? answer.target.board : undefined;
}
