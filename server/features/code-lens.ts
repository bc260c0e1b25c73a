/** Code lenses over a space: how many architectures it holds and what can be done with it. */

import { counted } from '../../engine/space/index.ts';
import type { CodeLens, Command } from 'vscode-languageserver-types';
import type { Problem, SearchSpace } from '../../engine/space/types.ts';
import { spaceCosts } from '../analysis/costs.ts';
import type { Share } from '../analysis/share.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { formatBig, formatShare, formatBytes, formatTime } from '../../engine/cost/index.ts';

/** Where a lens belongs; LSP hands it back to be resolved. */
export interface LensPlace {
  readonly uri: string;
  readonly space: string;
  readonly kind: 'size' | 'search' | 'later' | 'costs' | 'profile';
}

/** Lenses without their commands: these are filled in when the lens is on screen. */
export function codeLenses(snapshot: Snapshot): CodeLens[] {
  // A search reads its file: what is on no disk, such as the architecture of a trial, cannot be searched.
  const isFile = /^(file|untitled):/.test(snapshot.uri);
  const spaces = new Map(snapshot.analysis.spaces.map((space) => [space.declaration, space]));
  const isLater = laterConstructs(snapshot).length > 0;
  return snapshot.parse.file.declarations.flatMap((declaration) => {
    if (declaration.kind !== 'space' || declaration.name === undefined) return [];
    const space = spaces.get(declaration);
    const range = snapshot.lines.range(declaration.name);
    const kinds: LensPlace['kind'][] = [];
    if (space !== undefined) kinds.push('size');
    if (isLater) kinds.push('later');
    else if (isFile) kinds.push('search');
    if (isFile && space?.usable === true) kinds.push('costs', 'profile');
    const { name } = declaration.name;
    return kinds.map((kind) => ({
      range,
      data: { uri: snapshot.uri, space: name, kind } satisfies LensPlace,
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

/** Ids of commands: to start a search, to show what the layers cost, to measure them on a board, and to go to a problem. */
export interface LensCommands {
  readonly search: string;
  readonly costs: string;
  readonly profile: string;
  readonly showProblem: string;
}

/** @param obstacles what keeps the file from being searched */
export function lensCommand(
  place: LensPlace,
  snapshot: Snapshot,
  space: SearchSpace | undefined,
  shares: readonly Share[] | 'computing' | undefined,
  obstacles: readonly Problem[],
  { search, costs, profile, showProblem }: LensCommands,
): Command {
  const target = [place.uri, place.space];
  switch (place.kind) {
    case 'search': {
      const [first] = obstacles;
      if (first !== undefined) return waiting(snapshot, first, obstacles.length - 1, showProblem);
      return {
        title: '$(play) Search',
        command: search,
        arguments: target,
        tooltip: 'Search this space in the background',
      };
    }
    case 'later':
      return {
        title: `$(watch) Cannot be searched yet: ${laterConstructs(snapshot).join(', ')}`,
        ...wayTo(snapshot, obstacles[0], showProblem),
        tooltip: 'It is part of the language and checked, but a search does not know it yet',
      };
    case 'costs':
      return {
        title: '$(dashboard) Costs',
        command: costs,
        arguments: target,
        tooltip: 'Show what each of its layers costs, and the memory over an inference',
      };
    case 'profile':
      return {
        title: '$(pulse) Profile',
        command: profile,
        arguments: target,
        tooltip: 'Run its layers on a board, real or virtual, and show what they took',
      };
    case 'size':
      return { title: space === undefined ? '' : sizeTitle(snapshot, space, shares), command: '' };
  }
}

/** The command that goes to a problem, if there is one. */
function wayTo(
  { lines, uri }: Snapshot,
  problem: Problem | undefined,
  command: string,
): Pick<Command, 'command' | 'arguments'> {
  if (problem === undefined) return { command: '' };
  const { line, character } = lines.range(problem).start;
  return { command, arguments: [uri, line, character] };
}

/** Longest reason in a lens; the tooltip has all of it. */
const LONGEST_REASON = 70;

/** In place of a search that would not start: why, and the way to the first problem. */
function waiting(snapshot: Snapshot, first: Problem, more: number, command: string): Command {
  const { line } = snapshot.lines.range(first).start;
  const [sentence = ''] = first.message.split(/\. (?=[A-Z`])/, 1);
  const reason = sentence.replaceAll('`', '').replace(/\.$/, '');
  const short = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1).trimEnd()}…` : reason;
  const others = more === 0 ? '' : ` (and ${more} more)`;
  return {
    title: `$(circle-slash) No search: line ${line + 1}: ${short}${others}`,
    ...wayTo(snapshot, first, command),
    tooltip: `${first.message}\n\nGo to the problem`,
  };
}

function sizeTitle(
  snapshot: Snapshot,
  space: SearchSpace,
  shares: readonly Share[] | 'computing' | undefined,
): string {
  if (!space.usable) {
    const errors = snapshot.analysis.problems.filter(({ severity }) => severity === 'error');
    // There is nothing to be mended in what a later version reads.
    return errors.length > 0 && errors.every(({ code }) => code.startsWith('later/'))
      ? 'This space cannot be counted yet'
      : 'This space has problems: mend them to count it';
  }
  const { count, exact } = space.size();
  if (exact && count === 1n) return networkTitle(snapshot, space, shares);
  const size = `${exact ? '' : 'at most '}${counted(count, 'architecture', undefined, formatBig(count))}`;
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
      ...(total.latency === undefined ? [] : [formatTime(total.latency)]),
      `${formatBytes(total.ram)} RAM`,
      `${formatBytes(total.flash)} flash`,
      ...(share === undefined ? [] : [share.value === 1 ? 'fits' : 'does not fit']),
    ];
    return `${parts.join(', ')}${targets.length > 1 ? ` on ${target.board.id}` : ''}`;
  });
  return ['1 architecture', ...costs].join(' · ');
}
