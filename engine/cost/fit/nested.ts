/**
 * Leaving a network out says how true a fit is, but not how true the settings are that were chosen on the same networks.
 * Here they are chosen anew for each network, on the others alone.
 */

import type { Coefficients } from './least-squares.ts';
import { leaveNetworkOut, type Judged, type Member, type Settings } from './transfer.ts';

const grid: readonly Settings[] = [0.15, 0.3, 0.6].flatMap((similarity) =>
  [1, 4, 8].flatMap((buildShrinkage) =>
    [0.01, 0.05].map((ownPull) => ({ similarity, buildShrinkage, ownPull })),
  ),
);

function meanError(judged: readonly Judged[]): number {
  return judged.reduce((sum, { ratio }) => sum + Math.abs(ratio - 1), 0) / judged.length;
}

/** Predictions of every network by the settings that predict the other networks of `counted` members best. */
export function leaveNetworkOutNested(
  members: readonly Member[],
  prior: Coefficients,
  counted: (member: Member) => boolean,
): readonly Judged[] {
  const byWhich = grid.map((settings) =>
    leaveNetworkOut(members, prior, settings).filter(({ member }) => counted(member)),
  );
  const networks = new Set(byWhich.flat().map(({ observation }) => observation.network));
  return [...networks].flatMap((network) => {
    const is = ({ observation }: Judged): boolean => observation.network === network;
    const errors = byWhich.map((judged) => meanError(judged.filter((entry) => !is(entry))));
    const best = byWhich[errors.indexOf(Math.min(...errors))] ?? [];
    return best.filter(is);
  });
}
