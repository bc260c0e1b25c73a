/** A target: a board, the runtime whose kernels it runs, and its clock. */

import type { Board, Build, Runtime } from '../../device-profiles/types.ts';
import type { Schedule } from '../space/types.ts';
import { formatAmount, formatNumber } from './format.ts';

export interface Target {
  readonly board: Board;
  readonly runtime: Runtime;
  readonly clockHz: number;
  /** Version and flags of a runtime whose kernels were counted; `undefined` for others. */
  readonly build?: Build | undefined;
  readonly schedule?: Schedule | undefined;
}

/** `7.0 -O3`; `undefined` where the runtime has no builds. */
export function buildText({ build }: Target): string | undefined {
  return build && `${build.version} -${build.flags}`;
}

/** `every 2 s`, `every 2 s asleep at 9 µW on 230 mAh at 3 V`, with digits enough to tell two apart; empty without a schedule. */
export function scheduleText({ schedule }: Target): string {
  if (schedule === undefined) return '';
  const { everyMs, sleepMicrowatts: asleep, battery } = schedule;
  const sleep = asleep === undefined ? '' : ` asleep at ${formatAmount('power', asleep, { digits: 6 })}`;
  const every = `every ${formatAmount('time', everyMs, { digits: 6 })}${sleep}`;
  if (battery === undefined) return every;
  return `${every} on ${formatNumber(battery.milliampHours, 6)} mAh at ${formatNumber(battery.volts, 6)} V`;
}
