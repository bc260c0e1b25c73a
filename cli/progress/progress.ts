/** What hears of a search while it runs. */

import { counted } from '../../engine/space/index.ts';
import type { SearchEvent, TrialRecord } from '../../engine/search/types.ts';
import { formatBytes, formatPercent, formatTime } from '../../engine/cost/index.ts';

export interface Progress {
  on(event: SearchEvent): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** `7 a3f9-1c02: 86.2 % on validation, 12.4 ms, 11.2 KB of RAM, 20 KB of flash` or why it failed. */
export function trialText(trial: TrialRecord): string {
  const name = `${trial.trial} ${trial.name}`;
  if (trial.result === undefined) return `${name} failed: ${trial.error ?? 'no reason was given'}`;
  const targets = Object.entries(trial.costs);
  const costs = targets.map(([target, cost]) => {
    const latency = cost.latency === undefined ? 'no data on latency' : formatTime(cost.latency);
    const where = targets.length > 1 ? `${target}: ` : '';
    return `${where}${latency}, ${formatBytes(cost.ram)} of RAM, ${formatBytes(cost.flash)} of flash`;
  });
  const epochs = counted(trial.result.epochs, 'epoch');
  return `${name}: ${[`${formatPercent(trial.result.validation.int8)} on validation`, ...costs].join(', ')} after ${epochs}`;
}
