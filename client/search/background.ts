/** Training gives way to what a person does: typing must stay fluid on a machine whose cores are all busy. */

import { constants, setPriority } from 'node:os';

/** Lowers the priority of a process, and so of those that it starts from now on. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or the system does not allow it: then it trains as fast as before.
  }
}
