/** What a board draws while a network runs, as far as it was measured at the target's clock. */

import type { Figure } from '../../device-profiles/types.ts';
import type { CompiledTarget } from './compile.ts';

/** Milliwatts. */
export function drawOf({ power, target }: CompiledTarget): Figure | undefined {
  return power?.clockHz === target.clockHz ? power.milliwatts : undefined;
}
