/**
 * At most one search works in a run folder. The lock is a folder whose time is refreshed (proper-lockfile); beside it
 * stands who holds it, so that the lock of a process that was killed is recognised at once.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';

import { SearchError } from '../errors.ts';
import { storageError } from './storage.ts';

/** A lock not refreshed for so long belongs to a process that is gone. */
const STALE_MS = 15_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * @param onLost called when the lock was taken away, e.g. after the computer slept
 * @returns the release
 * @throws SearchError `locked` when another search works there, `storage` when the folder cannot be written
 */
export async function lockRun(folder: string, onLost: () => void): Promise<() => Promise<void>> {
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const acquire = (): Promise<() => Promise<void>> =>
    lockfile.lock(folder, { ...lockOptions(folder), onCompromised: onLost });
  let release: () => Promise<void>;
  try {
    release = await acquire().catch(async (error: unknown) => {
      if (!isLocked(error)) throw error;
      const holder = readOwner(folder);
      if (holder === undefined || isRunning(holder)) throw error;
      rmSync(join(folder, 'lock'), { recursive: true, force: true });
      return acquire();
    });
    writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
  } catch (error) {
    if (isLocked(error)) throw lockedBy(folder, readOwner(folder));
    throw storageError(folder, error);
  }
  return async () => {
    rmSync(join(folder, 'owner.json'), { force: true });
    await release().catch(() => undefined);
  };
}

/** Whether a search is at work in the folder now. */
export function isLockedRun(folder: string): boolean {
  const holder = readOwner(folder);
  return holder !== undefined && isRunning(holder) && lockfile.checkSync(folder, lockOptions(folder));
}

function lockOptions(folder: string): { lockfilePath: string; stale: number } {
  return { lockfilePath: join(folder, 'lock'), stale: STALE_MS };
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

function readOwner(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner;
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
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
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
