/**
 * At most one search works in a run folder. The lock is a folder that comes into being with the name of its owner in
 * it, by renaming one that was prepared, which only one process can do. Who finds the owner gone puts itself after it, in
 * the same way: `lock/after-<owner>` can be made once, so that the owners of a lock form a chain whose last one
 * counts, and a process may be killed at any instant without leaving a lock that nobody can tell to be dead.
 *
 * Where the owner cannot be seen (another machine, another container), it shows by a count that it keeps raising whether
 * it is alive. That count is watched by a clock that only goes forward; no time of day decides anything.
 */

import {
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { readTextSync } from '../../files/index.ts';
import { SearchError } from '../errors.ts';
import { insideRun } from './inside.ts';
import { type Owner, readOwner, stateOf, thisProcess } from './owner.ts';
import { storageError } from './storage.ts';

/** An owner that cannot be seen and gives no sign for so long is gone. */
const STALE_MS = 15_000;
/** Between two looks at an owner that cannot be seen. */
const WAIT_MS = 200;
/** Signs of life while one of them would do. */
const SIGNS = 3;
/** Others that may be faster before this one gives up. */
const ATTEMPTS = 20;

interface Holder {
  readonly owner: Owner | undefined;
  /** By which the next one in the chain is named. */
  readonly id: string;
  /** The folder with its name and its signs of life. */
  readonly place: string;
}

/**
 * @param onLost called when the lock was taken away, e.g. after the computer slept
 * @param staleMs shorter in tests, where nothing sleeps
 * @returns the release
 * @throws SearchError `locked` when another search works there, `storage` when the folder cannot be written
 */
export async function lockRun(
  folder: string,
  onLost: () => void,
  staleMs = STALE_MS,
): Promise<() => Promise<void>> {
  const me = thisProcess();
  try {
    const lock = insideRun(folder, 'lock');
    const place = await acquire(folder, lock, me, staleMs);
    // For a person who looks, and for older versions.
    writeFileSync(insideRun(folder, 'owner.json'), JSON.stringify(me));
    removeLeftovers(folder, me);
    return keep(folder, lock, place, me, onLost, staleMs);
  } catch (error) {
    rmSync(prepared(folder, me), { recursive: true, force: true });
    throw error instanceof SearchError ? error : storageError(folder, error);
  }
}

/** Whether a search is at work in the folder now, as far as that can be seen from here. Touches nothing. */
export function isLockedRun(folder: string): boolean {
  const holder = holderOf(folder, insideRun(folder, 'lock'));
  if (holder === undefined) return false;
  const state = holder.owner === undefined ? 'unknown' : stateOf(holder.owner);
  // Only shown to a person: a wrong clock shows a wrong word until the search is gone on with.
  return state === 'unknown' ? Math.abs(Date.now() - lastSign(holder.place)) < STALE_MS : state === 'runs';
}

/** @throws SearchError `locked` when a search is at work in the folder now. Touches nothing. */
export function refuseLocked(folder: string): void {
  if (isLockedRun(folder)) throw lockedBy(folder, holderOf(folder, insideRun(folder, 'lock'))?.owner);
}

async function acquire(
  folder: string,
  lock: string,
  me: Owner & { readonly id: string },
  staleMs: number,
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mine = prepare(folder, me);
    const holder = holderOf(folder, lock);
    if (holder === undefined) {
      if (renamed(mine, lock)) return lock;
      continue;
    }
    if (!(await isGone(folder, lock, holder, lastSign(mine), staleMs))) continue;
    const after = join(lock, `after-${holder.id}`);
    if (!renamed(mine, after)) continue;
    if (holderOf(folder, lock)?.owner?.id === me.id) return after;
    // The lock was given back and taken by another in between.
    rmSync(after, { recursive: true, force: true });
  }
  throw lockedBy(folder, holderOf(folder, lock)?.owner);
}

/** Walks the chain from the first owner to the last. */
function holderOf(folder: string, lock: string): Holder | undefined {
  const status = lstatSync(lock, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (!status.isDirectory()) {
    throw new SearchError('folder', `${lock} is no folder, so the run cannot be locked. Remove it.`);
  }
  let place = lock;
  // An older version kept the name beside its lock, where that of this version's last lock may stand, too.
  const beside = readOwner(join(folder, 'owner.json'));
  let owner = readOwner(join(lock, 'owner.json')) ?? (beside?.id === undefined ? beside : undefined);
  const seen = new Set<string>();
  for (;;) {
    const id = owner?.id ?? 'nobody';
    const next = join(lock, `after-${id}`);
    if (seen.has(id) || lstatSync(next, { throwIfNoEntry: false })?.isDirectory() !== true) {
      return { owner, id, place };
    }
    seen.add(id);
    place = next;
    owner = readOwner(join(next, 'owner.json'));
  }
}

/**
 * Waits where it takes time to tell.
 * @param now of the file system, which is another's than ours on a shared disk
 * @returns false when the lock has changed hands or has a name at last: then it is to be looked at again
 * @throws SearchError `locked`
 */
async function isGone(
  folder: string,
  lock: string,
  holder: Holder,
  now: number,
  staleMs: number,
): Promise<boolean> {
  const { owner, place } = holder;
  const state = (): ReturnType<typeof stateOf> => (owner === undefined ? 'unknown' : stateOf(owner));
  if (state() === 'runs') throw lockedBy(folder, owner);
  // A sign of late needs no watching. If the clock was set, it may be an old one: then the next attempt tells.
  if (owner !== undefined && state() === 'unknown' && Math.abs(now - lastSign(place)) < staleMs) {
    throw lockedBy(folder, owner);
  }
  const before = signs(place);
  const until = performance.now() + staleMs;
  while (state() === 'unknown' && performance.now() < until) {
    await sleep(WAIT_MS);
    const current = holderOf(folder, lock);
    if (current?.place !== place || current.owner?.since !== owner?.since) return false;
    if (signs(place) === before) continue;
    if (owner !== undefined) throw lockedBy(folder, owner);
    return false;
  }
  return true;
}

/** Raises the count until the lock is given back, and notices when another has put itself after this one. */
function keep(
  folder: string,
  lock: string,
  place: string,
  me: Owner,
  onLost: () => void,
  staleMs: number,
): () => Promise<void> {
  let isLost = false;
  const lose = (): void => {
    clearInterval(timer);
    if (!isLost) onLost();
    isLost = true;
  };
  const isMine = (): boolean => holderOf(folder, lock)?.owner?.id === me.id;
  let count = 0;
  const timer = setInterval(() => {
    try {
      if (!isMine()) {
        lose();
        return;
      }
      writeFileSync(join(place, 'alive'), String(++count));
      // What older versions look at.
      const now = new Date();
      utimesSync(lock, now, now);
    } catch {
      // A disk that cannot be written takes no journal either, which says so; others then find no signs of life.
    }
  }, staleMs / SIGNS);
  timer.unref();
  return () => {
    clearInterval(timer);
    try {
      if (isMine()) giveBack(folder, lock, me);
      else lose();
    } catch {
      // On a disk that cannot be written any more the lock is left behind, with the name of a process that is gone.
    }
    return Promise.resolve();
  };
}

function giveBack(folder: string, lock: string, me: Owner): void {
  const beside = join(folder, 'owner.json');
  if (readOwner(beside)?.id === me.id) rmSync(beside, { force: true });
  // At once, and not file after file: what is left of a lock would be one without a name.
  const old = `${prepared(folder, me)}.old`;
  renameSync(lock, old);
  rmSync(old, { recursive: true, force: true });
}

function prepared(folder: string, { id = '' }: Owner): string {
  return join(folder, `lock.${id}.tmp`);
}

function prepare(folder: string, me: Owner): string {
  const mine = prepared(folder, me);
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine);
  writeFileSync(join(mine, 'owner.json'), JSON.stringify(me));
  writeFileSync(join(mine, 'alive'), '0');
  return mine;
}

/** @returns false when there is one already, or when another removed ours as a leftover */
function renamed(from: string, to: string): boolean {
  const isThere = (place: string): boolean => lstatSync(place, { throwIfNoEntry: false }) !== undefined;
  try {
    // Over an empty folder POSIX renames: it is the lock of an older version.
    if (isThere(to)) return false;
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isThere(to) || !isThere(from)) return false;
    throw error;
  }
}

/** ms, by the clock of the file system. */
function lastSign(place: string): number {
  const sign =
    statSync(join(place, 'alive'), { throwIfNoEntry: false }) ?? statSync(place, { throwIfNoEntry: false });
  return sign?.mtimeMs ?? -Infinity;
}

/** Another text after each sign of life. */
function signs(place: string): string {
  let count = '';
  try {
    count = readTextSync(join(place, 'alive'), 'owner', { links: 'refuse' });
  } catch {
    // An older version renews the time alone.
  }
  return `${count} ${lastSign(place)}`;
}

const leftover = /^(heir-\d+-\d+|lock\.[0-9a-f-]{36}\.tmp(\.old)?)$/;

/** Of processes that were killed while they took or gave back the lock. Links are removed, not followed. */
function removeLeftovers(folder: string, me: Owner): void {
  for (const name of readdirSync(folder)) {
    if (!leftover.test(name) || join(folder, name) === prepared(folder, me)) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function lockedBy(folder: string, owner: Owner | undefined): SearchError {
  const who = owner === undefined ? '' : ` (process ${owner.pid} on ${owner.host}, since ${owner.since})`;
  return new SearchError(
    'locked',
    `Another search is working in ${folder}${who}. Stop it first, or choose another folder for this run. ` +
      `If no such process exists, try again in ${STALE_MS / 1000} seconds.`,
  );
}
