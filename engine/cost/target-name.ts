/** How a target is named among others, and whether something said of a board is said of it. Pure, for pages too. */

import { formatHertz } from './format.ts';

const WITH = ' with ';
const AT = ' at ';

/** The board's id, and what tells the target from others of the same board. */
export function targetName(board: string, runtime: string | undefined, clockHz: number | undefined): string {
  const by = runtime === undefined ? '' : WITH + runtime;
  return board + by + (clockHz === undefined ? '' : AT + formatHertz(clockHz));
}

/** Whether a limit or objective `on` a board is about the target of this name: with every runtime and clock of the board. */
export function isTargetOn(target: string, on: string): boolean {
  return target === on || target.startsWith(on + WITH) || target.startsWith(on + AT);
}
