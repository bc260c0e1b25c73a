/**
 * At most one search works in a run folder. The lock is a folder whose time is refreshed (proper-lockfile); beside it
 * stands who holds it, so that the lock of a process that was killed is recognised at once.
 */

import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

import { readTextSync } from '../../files/index.ts';
import { SearchError } from '../errors.ts';
import { storageError } from './storage.ts';

/** A lock not refreshed for so long belongs to a process that is gone. */
const STALE_MS = 15_000;
/** Between two looks at a lock without a name. */
const WAIT_MS = 200;

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
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
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const lost = new AbortController();
  let release: () => Promise<void>;
  let heir: string | undefined;
  try {
    heir = inherit(folder);
    const onCompromised = (): void => {
      lost.abort();
      onLost();
    };
    release = await acquire(folder, { ...lockOptions(folder), stale: staleMs, onCompromised });
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
    if (heir !== undefined) rmSync(heir, { recursive: true, force: true });
  } catch (error) {
    if (heir !== undefined) rmSync(heir, { recursive: true, force: true });
    if (isLocked(error)) throw lockedBy(folder, readOwner(folder));
    throw storageError(folder, error);
  }
  return async () => {
    try {
      const now = readOwner(folder);
      if (now?.pid !== owner.pid || now.since !== owner.since) {
        // Another search took over while this one was halted. The lock is the other's: proper-lockfile has to find that
        // out, or it would remove it when this process ends. It looks every half of `staleMs`, if the machine lets it.
        await sleep(3 * staleMs, undefined, { signal: lost.signal });
        return;
      }
      rmSync(join(folder, 'owner.json'), { force: true });
      await release();
    } catch {
      // On a disk that cannot be written any more the lock grows stale by itself; that must not hide why it cannot.
    }
  };
}

/**
 * Takes the lock. One that nobody has put a name to belongs to a search that does so in a moment, or that was killed
 * before it could: then it grows stale, for which this waits.
 */
async function acquire(
  folder: string,
  options: lockfile.LockOptions & { readonly stale: number },
): Promise<() => Promise<void>> {
  const until = performance.now() + options.stale + WAIT_MS;
  for (;;) {
    try {
      return await lockfile.lock(folder, options);
    } catch (error) {
      if (!isLocked(error) || readOwner(folder) !== undefined || performance.now() > until) throw error;
      await sleep(WAIT_MS);
    }
  }
}

/**
 * Removes the lock of a process that is gone. Of several searches that find it, the one that can make the folder named
 * after the dead owner may do so, and only while that is still the owner: the others would remove the lock of the first.
 * @returns that folder, which has to stand until the new owner is written; undefined when there is nothing to remove
 * @throws an error that {@link isLocked} when another search is about to take over
 */
function inherit(folder: string): string | undefined {
  const holder = readOwner(folder);
  if (holder === undefined || isRunning(holder)) return undefined;
  const heir = join(folder, `heir-${holder.pid}-${Date.parse(holder.since)}`);
  // Left by a search that was killed in the few milliseconds in which it took over.
  const age = Date.now() - (statSync(heir, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
  if (age > STALE_MS) rmSync(heir, { recursive: true, force: true });
  try {
    mkdirSync(heir);
  } catch (error) {
    if (isCode(error, 'EEXIST'))
      throw Object.assign(new Error('Another search takes over.'), { code: LOCKED });
    throw error;
  }
  const now = readOwner(folder);
  if (now?.pid === holder.pid && now.since === holder.since) {
    rmSync(join(folder, 'lock'), { recursive: true, force: true });
    return heir;
  }
  rmSync(heir, { recursive: true, force: true });
  return undefined;
}

/** Whether a search is at work in the folder now. */
export function isLockedRun(folder: string): boolean {
  const holder = readOwner(folder);
  return holder !== undefined && isRunning(holder) && lockfile.checkSync(folder, lockOptions(folder));
}

function lockOptions(folder: string): { lockfilePath: string; stale: number } {
  return { lockfilePath: join(folder, 'lock'), stale: STALE_MS };
}

/** As proper-lockfile says it. */
const LOCKED = 'ELOCKED';

function isLocked(error: unknown): boolean {
  return isCode(error, LOCKED);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function readOwner(folder: string): Owner | undefined {
  try {
    return JSON.parse(readTextSync(join(folder, 'owner.json'), 'owner', { links: 'refuse' })) as Owner;
  } catch {
    return undefined;
  }
}

/** Processes of other machines are taken to run; the refreshed time decides about those. */
function isRunning(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
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
