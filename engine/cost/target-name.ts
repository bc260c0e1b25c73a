/** How a target is named among others, and whether something said of a board is said of it. Pure, for pages too. */

import { formatHertz } from './format.ts';

const WITH = ' with ';
const AT = ' at ';
const EVERY = ' every ';

/** What tells a target from others of the same board; `undefined` where it does not. */
export interface Distinctive {
  readonly runtime: string | undefined;
  readonly clockHz: number | undefined;
  /** As `scheduleText` says it; empty for none. */
  readonly schedule: string | undefined;
}

/** The board's id, and what tells the target from others of the same board. */
export function targetName(board: string, { runtime, clockHz, schedule = '' }: Distinctive): string {
  const by = runtime === undefined ? '' : WITH + runtime;
  const at = clockHz === undefined ? '' : AT + formatHertz(clockHz);
  return board + by + at + (schedule === '' ? '' : ` ${schedule}`);
}

/** Whether a limit or objective `on` a board is about the target of this name: with every runtime, clock and schedule. */
export function isTargetOn(target: string, on: string): boolean {
  return target === on || [WITH, AT, EVERY].some((word) => target.startsWith(on + word));
}
