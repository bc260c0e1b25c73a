/**
 * Which process works in a run, told so that another process can tell whether it still runs: the number of a process is
 * given again, machines bear one name, and containers count their processes apart.
 */

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import { readTextSync } from '../../files/index.ts';
import { parseStored } from './stored.ts';

export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, for a person to read. */
  readonly since: string;
  /** Of this one lock; absent from those of older versions, as is all that follows. */
  readonly id?: string | undefined;
  /** Digest of the machine's own number; undefined where it has none. */
  readonly machine?: string | undefined;
  /** Another one after each start of the machine. */
  readonly boot?: string | undefined;
  /** Processes are counted apart in each of these. */
  readonly processes?: string | undefined;
  /** When the process was started, in ticks since the start of the machine. */
  readonly started?: string | undefined;
}

/** This process, for a new lock. */
export function thisProcess(): Owner & { readonly id: string } {
  const machine = told('/etc/machine-id');
  return {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    id: randomUUID(),
    machine: machine && createHash('sha256').update(machine).digest('hex').slice(0, 16),
    boot: told('/proc/sys/kernel/random/boot_id'),
    processes: namespace(),
    started: processOf(process.pid)?.started,
  };
}

/** The owner in a file, if it is there and is as a search writes it. */
export function readOwner(path: string): Owner | undefined {
  try {
    const stored = parseStored(readTextSync(path, 'owner', { links: 'refuse' }), 'owner');
    return 'value' in stored ? (stored.value as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process runs; `unknown` where that cannot be told from here. */
export function stateOf(owner: Owner, here: Owner = thisProcess()): 'runs' | 'gone' | 'unknown' {
  if (owner.host !== here.host) return 'unknown';
  const differs = (one: string | undefined, other: string | undefined): boolean =>
    one !== undefined && other !== undefined && one !== other;
  if (differs(owner.machine, here.machine)) return 'unknown';
  if (differs(owner.boot, here.boot)) return owner.machine === undefined ? 'unknown' : 'gone';
  if (differs(owner.processes, here.processes)) return 'unknown';
  if (!answers(owner.pid)) return 'gone';
  const found = processOf(owner.pid);
  if (found?.dead === true || differs(owner.started, found?.started)) return 'gone';
  return owner.started === undefined || found === undefined ? 'unknown' : 'runs';
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What Linux tells of a process; undefined elsewhere. See proc_pid_stat(5). */
function processOf(
  pid: number,
): { readonly started: string | undefined; readonly dead: boolean } | undefined {
  const line = told(`/proc/${pid}/stat`);
  // The name of the program comes before, in brackets, and may hold anything.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  // A process that nobody has asked for its end yet is still listed: Z for zombie, X for dead.
  return { started: fields[19], dead: /^[ZXx]/.test(fields[0] ?? '') };
}

/** What the system tells in a file of its own making. */
function told(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function namespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}
