/** From the names a person writes to a target, with a suggestion when a name is not known. */

import { onceFor } from '../space/once.ts';
import type { Board, Runtime } from '../../device-profiles/types.ts';
import { able } from '../../device-profiles/able.ts';
import { boards, runtimes } from '../../device-profiles/index.ts';
import { editDistance } from '../space/suggest.ts';
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
  readonly runtime?: string | undefined;
  readonly clockHz?: number | undefined;
}

export interface TargetProblem {
  readonly part: 'board' | 'runtime' | 'clock';
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
  const runtime = find(name, profiles.runtimes);
  if (runtime === undefined)
    return unknown('runtime', name, ables.length > 0 ? ables : profiles.runtimes, profiles, suggests);
  if (!ables.includes(runtime)) {
    const suggestion = board.defaultRuntime;
    const message = `${board.name} is not known to run ${runtime.name}. Write runtime ${suggestion}, or add it to the board's "runtimes".`;
    return { problem: { part: 'runtime', message, suggestion } };
  }

  const clockHz = request.clockHz ?? board.clock.defaultHz;
  if (!(clockHz > 0) || clockHz > board.clock.maxHz) {
    const suggestion = board.clock.maxHz;
    const message = `${board.name} runs at up to ${formatHertz(suggestion)}, not ${formatHertz(clockHz)}. Write clock ${formatHertz(suggestion)} or less.`;
    return { problem: { part: 'clock', message, suggestion } };
  }
  return { target: targetOf(board, runtime, clockHz) };
}

/** Clocks of one board and runtime that are remembered at once. */
const mostClocks = 16;

/** Equal targets are the same object, so what hangs on a target (compiled profiles, prices) is found again. */
const targets = new WeakMap<Board, WeakMap<Runtime, Map<number, Target>>>();

function targetOf(board: Board, runtime: Runtime, clockHz: number): Target {
  let byRuntime = targets.get(board);
  if (byRuntime === undefined) targets.set(board, (byRuntime = new WeakMap<Runtime, Map<number, Target>>()));
  let byClock = byRuntime.get(runtime);
  if (byClock === undefined) byRuntime.set(runtime, (byClock = new Map<number, Target>()));
  let target = byClock.get(clockHz);
  if (target === undefined) {
    // Every digit of a clock that is typed makes a target; what hangs on those must not stay for ever.
    if (byClock.size >= mostClocks) byClock.clear();
    byClock.set(clockHz, (target = { board, runtime, clockHz }));
  }
  return target;
}
