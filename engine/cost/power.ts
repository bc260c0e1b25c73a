/** What a board draws while a network runs and asleep, as far as it is known. */

import type { Figure, Sleep } from '../../device-profiles/types.ts';
import type { CompiledTarget } from './compile.ts';
import type { Target } from './target.ts';

/** Milliwatts, where they were measured at the target's clock. */
export function drawOf({ power, target }: CompiledTarget): Figure | undefined {
  return power?.clockHz === target.clockHz ? power.milliwatts : undefined;
}

/** Without a mode and a source it is the file's own figure. */
export type Asleep = Pick<Sleep, 'microwatts' | 'retained' | 'wake'> & Partial<Sleep>;

/** What the file says comes before the board's: of all memory, and waking as the board does. */
export function sleepOf({ board: { sleep }, schedule }: Target): Asleep | undefined {
  const value = schedule?.sleepMicrowatts;
  if (value === undefined) return sleep;
  return { microwatts: { value, low: value, high: value }, ...(sleep?.wake && { wake: sleep.wake }) };
}
