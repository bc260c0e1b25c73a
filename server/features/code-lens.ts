/** Code lenses over a space: how many architectures it holds and what can be done with it. */

import type { CodeLens, Command } from 'vscode-languageserver-types';
import type { SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Share } from '../analysis/share.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatBig, formatShare, formatSize, formatTime } from './quantities.ts';

/** Where a lens belongs; LSP hands it back to be resolved. */
export interface LensPlace {
  readonly uri: string;
  readonly space: string;
  readonly kind: 'size' | 'search' | 'later' | 'costs';
}

/** Lenses without their commands: these are filled in when the lens is on screen. */
export function codeLenses(snapshot: Snapshot): CodeLens[] {
  return snapshot.analysis.spaces.flatMap((space) => {
    if (space.file !== snapshot.uri) return [];
    const range = snapshot.lines.range(space.declaration.name ?? space.declaration);
    const kinds: LensPlace['kind'][] = ['size'];
    // A search reads its file: what is on no disk, such as the architecture of a trial, cannot be searched.
    const isOnDisk = /^(file|untitled):/.test(snapshot.uri);
    if (laterConstructs(snapshot).length > 0) kinds.push('later');
    else if (space.usable && isOnDisk) kinds.push('search');
    if (space.usable && isOnDisk) kinds.push('costs');
    return kinds.map((kind) => ({
      range,
      data: { uri: snapshot.uri, space: space.name, kind } satisfies LensPlace,
    }));
  });
}

/** What is part of the language but not searched yet, by the code of the problem that says so. */
const LATER: Readonly<Record<string, string>> = {
  'later/cell': 'cells',
  'later/features': 'feature front-ends',
  'later/lstm': 'LSTM layers',
  'later/gru': 'GRU layers',
  'later/attention': 'attention',
  'later/strategy': 'this strategy',
};

function laterConstructs({ analysis, uri }: Snapshot): readonly string[] {
  const found = analysis.problems.flatMap(({ code, file }) => (file === uri ? (LATER[code] ?? []) : []));
  return [...new Set(found)];
}

/** `undefined` for a lens that this server did not make. */
export function lensPlace(lens: CodeLens): LensPlace | undefined {
  const data = lens.data as Partial<LensPlace> | undefined;
  if (typeof data?.uri !== 'string' || typeof data.space !== 'string' || data.kind === undefined)
    return undefined;
  return { uri: data.uri, space: data.space, kind: data.kind };
}

/** @param search command id that starts a search. @param costs command id that shows what its layers cost. */
export function lensCommand(
  place: LensPlace,
  snapshot: Snapshot,
  space: SearchSpace,
  shares: readonly Share[] | 'computing' | undefined,
  search: string,
  costs: string,
): Command {
  const target = [place.uri, place.space];
  switch (place.kind) {
    case 'search':
      return {
        title: '$(play) Search',
        command: search,
        arguments: target,
        tooltip: 'Search this space in the background',
      };
    case 'later':
      return {
        title: `$(watch) Cannot be searched yet: ${laterConstructs(snapshot).join(', ')}`,
        command: '',
        tooltip: 'It is part of the language and checked, but a search does not know it yet',
      };
    case 'costs':
      return {
        title: '$(dashboard) Costs',
        command: costs,
        arguments: target,
        tooltip: 'Show what each of its layers costs, and the memory over an inference',
      };
    case 'size':
      return { title: sizeTitle(snapshot, space, shares), command: '' };
  }
}

function sizeTitle(
  snapshot: Snapshot,
  space: SearchSpace,
  shares: readonly Share[] | 'computing' | undefined,
): string {
  if (!space.usable) return 'This space has problems: mend them to count it';
  const { count, exact } = space.size();
  if (exact && count === 1n) return networkTitle(snapshot, space, shares);
  const size = `${exact ? '' : 'at most '}${formatBig(count)} architectures`;
  if (shares === undefined) return size;
  if (shares === 'computing') return `${size} · counting what fits…`;
  const fits = shares.map((share) => {
    // Nothing of what was drawn was in the space.
    if (!share.exact && share.high - share.low === 1) return 'conditions exclude almost every combination';
    const error = share.exact ? '' : ` (${formatShare(share.low)} to ${formatShare(share.high)})`;
    const where = shares.length > 1 ? ` on ${share.target.board.id}` : '';
    return `${formatShare(share.value)} fit${where}${error}`;
  });
  return [size, ...fits].join(' · ');
}

/** Of a space without choices not a share but the network itself is of interest: what it costs, and whether it fits. */
function networkTitle(
  snapshot: Snapshot,
  space: SearchSpace,
  shares: readonly Share[] | 'computing' | undefined,
): string {
  const targets = spaceCosts(snapshot).find((cost) => cost.space === space)?.targets ?? [];
  const costs = targets.map(({ target, bounds: { total } }, index) => {
    const share = shares === 'computing' ? undefined : shares?.[index];
    const parts = [
      ...(total.latencyMs === undefined ? [] : [formatTime(total.latencyMs)]),
      `${formatSize(total.ramBytes)} RAM`,
      `${formatSize(total.flashBytes)} flash`,
      ...(share === undefined ? [] : [share.value === 1 ? 'fits' : 'does not fit']),
    ];
    return `${parts.join(', ')}${targets.length > 1 ? ` on ${target.board.id}` : ''}`;
  });
  return ['1 architecture', ...costs].join(' · ');
}
