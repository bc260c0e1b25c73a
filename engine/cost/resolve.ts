/** From the names a person writes to a target, with a suggestion when a name is not known. */

import { onceFor } from '../space/once.ts';
import type { Board, Build, Runtime } from '../../device-profiles/types.ts';
import { able } from '../../device-profiles/able.ts';
import { boards, runtimes } from '../../device-profiles/index.ts';
import { editDistance } from '../space/suggest.ts';
import type { Schedule } from '../space/types.ts';
import { formatHertz } from './format.ts';
import type { Target } from './target.ts';

/** Everything that a target can be made of: what ships, and what a workspace adds. */
export interface Profiles {
  readonly boards: readonly Board[];
  readonly runtimes: readonly Runtime[];
  /** Files of a workspace that cannot be used because of errors, by the id of what they are about. */
  readonly unusable?: ReadonlyMap<string, string>;
}

export const shippedProfiles: Profiles = { boards, runtimes };

/** The names in a target declaration or on the command line; what is `undefined` is the board's default. */
export interface TargetRequest {
  readonly board: string;
  /** With a version behind it, such as `tflm + cmsis-nn 7.0`, where the runtime has several. */
  readonly runtime?: string | undefined;
  /** An optimisation level, such as `O3`. */
  readonly flags?: string | undefined;
  readonly clockHz?: number | undefined;
  readonly schedule?: Schedule | undefined;
}

export interface TargetProblem {
  readonly part: 'board' | 'runtime' | 'flags' | 'clock';
  /** A full sentence. */
  readonly message: string;
  /** The name or clock (Hz) that was probably meant. */
  readonly suggestion: string | number | undefined;
}

export type ResolvedTarget = { readonly target: Target } | { readonly problem: TargetProblem };

/** Names compare without case, blanks around `+`, and `_` for `-`. */
function canonical(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/\s*\+\s*/g, ' + ')
    .replace(/\s+/g, ' ');
}

interface Named {
  readonly id: string;
  readonly aliases: readonly string[];
}

/** A file may name thousands of targets, each of which is held against every name that is known. */
const namesOf = onceFor(({ id, aliases }: Named): readonly string[] => [id, ...aliases].map(canonical));

/** The entry whose id or alias is nearest, if near enough to be a slip of the fingers. */
function nearest<T extends Named>(name: string, entries: readonly T[]): T | undefined {
  const wanted = canonical(name);
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  let best: { entry: T; distance: number } | undefined;
  for (const entry of entries) {
    for (const other of namesOf(entry)) {
      const contained = other.includes(wanted) && wanted.length >= 3;
      const distance = contained ? 1 : editDistance(wanted, other, limit);
      if (distance <= limit && (best === undefined || distance < best.distance)) {
        best = { entry, distance };
      }
    }
  }
  return best?.entry;
}

/** Whether a person can mean the entry by the name: its id or an alias, written in any of the usual ways. */
export function isCalled(entry: Named, name: string): boolean {
  return namesOf(entry).includes(canonical(name));
}

function find<T extends Named>(name: string, entries: readonly T[]): T | undefined {
  const wanted = canonical(name);
  return entries.find((entry) => namesOf(entry).includes(wanted));
}

function unknown(
  part: 'board' | 'runtime',
  name: string,
  entries: readonly Named[],
  { unusable }: Profiles,
  suggests: boolean,
): ResolvedTarget {
  const file = unusable?.get(name);
  if (file !== undefined) {
    const short = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    const message = `The ${part} "${name}" cannot be used, since its file ${short} has errors: correct them first.`;
    return { problem: { part, message, suggestion: undefined } };
  }
  const suggestion = suggests ? nearest(name, entries)?.id : undefined;
  const known = entries.map((entry) => `"${entry.id}"`).join(', ');
  const hint =
    suggestion === undefined
      ? `Known ${part}s are ${known}; one of your own is a JSON file in the folder .nasturtium/${part}s.`
      : `Did you mean "${suggestion}"?`;
  return { problem: { part, message: `There is no ${part} "${name}". ${hint}`, suggestion } };
}

/**
 * Finds the board, the runtime and the clock, or says which of them is wrong and what was probably meant.
 *
 * @param suggests whether to look for what was meant by an unknown name, which takes a thousand times as long as the rest
 */
export function resolveTarget(profiles: Profiles, request: TargetRequest, suggests = true): ResolvedTarget {
  const board = find(request.board, profiles.boards);
  if (board === undefined) return unknown('board', request.board, profiles.boards, profiles, suggests);

  const ables = profiles.runtimes.filter((entry) => able(entry, board));
  const name = request.runtime ?? board.defaultRuntime;
  const { runtime, version } = runtimeNamed(name, profiles.runtimes);
  if (runtime === undefined)
    return unknown('runtime', name, ables.length > 0 ? ables : profiles.runtimes, profiles, suggests);
  if (!ables.includes(runtime)) {
    const suggestion = board.defaultRuntime;
    const message = `${board.name} is not known to run ${runtime.name}. Write runtime ${suggestion}, or add it to the board's "runtimes".`;
    return { problem: { part: 'runtime', message, suggestion } };
  }
  const build = buildOf(board, runtime, version, request.flags);
  if (build !== undefined && 'problem' in build) return build;

  const clockHz = request.clockHz ?? board.clock.defaultHz;
  if (!(clockHz > 0) || clockHz > board.clock.maxHz) {
    const suggestion = board.clock.maxHz;
    const message = `${board.name} runs at up to ${formatHertz(suggestion)}, not ${formatHertz(clockHz)}. Write clock ${formatHertz(suggestion)} or less.`;
    return { problem: { part: 'clock', message, suggestion } };
  }
  return { target: targetOf({ board, runtime, clockHz, build, schedule: request.schedule }) };
}

/** A runtime by its name, or by its name with a version behind it. */
function runtimeNamed(
  name: string,
  runtimes: readonly Runtime[],
): { readonly runtime: Runtime | undefined; readonly version?: string } {
  const runtime = find(name, runtimes);
  const split = /^(.*\S)\s+v?(\d[\w.]*)$/.exec(name.trim());
  if (runtime !== undefined || split === null) return { runtime };
  const [, bare = '', version = ''] = split;
  const counted = find(bare, runtimes);
  return counted?.counted === undefined ? { runtime } : { runtime: counted, version };
}

/** The build that is asked for, and of what is not asked for that of the board, else of the runtime. */
function buildOf(
  board: Board,
  { id, name, counted }: Runtime,
  version: string | undefined,
  flags: string | undefined,
): Build | undefined | { readonly problem: TargetProblem } {
  if (counted === undefined) {
    if (flags === undefined) return undefined;
    const message = `How ${name} is compiled is part of its profile: it has no other flags. Remove flags ${flags}.`;
    return { problem: { part: 'flags', message, suggestion: undefined } };
  }
  const usual = board.builds?.[id];
  const versions = counted.versions.map((each) => each.version);
  const wrong = (
    part: 'runtime' | 'flags',
    what: string,
    had: string,
    known: readonly string[],
    before: string,
  ): { readonly problem: TargetProblem } => {
    const meant = known.find((each) => each.startsWith(had) || had.startsWith(each)) ?? known[0];
    const message = `There are no counts of ${name} ${what}. Write one of ${known.join(', ')}.`;
    return { problem: { part, message, suggestion: meant === undefined ? undefined : before + meant } };
  };
  const ofVersion = version ?? usual?.version ?? versions[0] ?? '';
  if (!versions.includes(ofVersion)) return wrong('runtime', ofVersion, ofVersion, versions, `${id} `);
  const withFlags = flags?.replace(/^-/, '') ?? usual?.flags ?? counted.flags[0] ?? '';
  if (!counted.flags.includes(withFlags)) {
    return wrong('flags', `with the flags ${withFlags}`, withFlags, counted.flags, '');
  }
  return { version: ofVersion, flags: withFlags };
}

/** Clocks, builds and schedules of one board and runtime that are remembered at once. */
const mostAlike = 32;

/** Equal targets are the same object, so what hangs on a target (compiled profiles, prices) is found again. */
const targets = new WeakMap<Board, WeakMap<Runtime, Map<string, Target>>>();

function targetOf({ board, runtime, clockHz, build, schedule }: Target): Target {
  let byRuntime = targets.get(board);
  if (byRuntime === undefined) targets.set(board, (byRuntime = new WeakMap<Runtime, Map<string, Target>>()));
  let alike = byRuntime.get(runtime);
  if (alike === undefined) byRuntime.set(runtime, (alike = new Map<string, Target>()));
  const key = JSON.stringify([clockHz, build?.version, build?.flags, schedule]);
  let target = alike.get(key);
  if (target === undefined) {
    // Every digit of a clock that is typed makes a target; what hangs on those must not stay for ever.
    if (alike.size >= mostAlike) alike.clear();
    const added = { ...(build && { build }), ...(schedule && { schedule }) };
    target = { board, runtime, clockHz, ...added };
    alike.set(key, target);
  }
  return target;
}
