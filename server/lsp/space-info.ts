/** The answer to `nasturtium/spaceInfo`. */

import type { SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Share } from '../analysis/share.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemsOf } from '../diagnostics/index.ts';
import { searchObstacles } from '../diagnostics/search-obstacles.ts';
import type { ShareInfo, SpaceInfo, SpaceInfoResult, TargetInfo } from './protocol.ts';

export function spaceInfo(
  snapshot: Snapshot,
  settings: Settings,
  sharesOf: (space: SearchSpace) => readonly Share[] | undefined,
): SpaceInfoResult {
  const problems = problemsOf(snapshot, settings);
  const isFree = searchObstacles(snapshot, settings).length === 0;
  const count = (severity: string): number => problems.filter((each) => each.severity === severity).length;
  return {
    version: snapshot.version ?? null,
    spaces: snapshot.analysis.spaces
      .filter((space) => space.file === snapshot.uri)
      .map((space) => info(snapshot, space, isFree, sharesOf)),
    problems: { errors: count('error'), warnings: count('warning') },
  };
}

function info(
  snapshot: Snapshot,
  space: SearchSpace,
  isFree: boolean,
  sharesOf: (space: SearchSpace) => readonly Share[] | undefined,
): SpaceInfo {
  const size = space.usable ? space.size() : { count: 0n, exact: true };
  const costs = spaceCosts(snapshot).find((each) => each.space === space);
  return {
    name: space.name,
    size: size.count.toString(),
    exact: size.exact,
    usable: space.usable && isFree,
    choices: space.choices.length,
    line: snapshot.lines.lineAt(space.declaration.start),
    targets: (costs?.targets ?? []).map(({ target, bounds: { total, scheduled } }): TargetInfo => ({
      board: target.board.id,
      runtime: target.runtime.id,
      clockHz: target.clockHz,
      origin: snapshot.profiles.origins.get(target.board) ?? null,
      latencyMs: total.latency ?? null,
      ramBytes: total.ram,
      flashBytes: total.flash,
      macs: total.macs,
      scheduled,
      share: shareOn(sharesOf(space), target),
    })),
  };
}

function shareOn(shares: readonly Share[] | undefined, target: Share['target']): ShareInfo | null {
  const share = shares?.find((each) => each.target === target);
  return share === undefined ? null : { value: share.value, low: share.low, high: share.high };
}
