/** What hears of a search while it runs. */

import type { SearchEvent, TrialRecord } from '../../engine/search/types.ts';
import { formatBytes, formatMilliseconds } from '../../engine/cost/index.ts';

export interface Progress {
  on(event: SearchEvent): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** `4 min`, `1 h 20 min`, `35 s` */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `7 a3f9-1c02: 86.2 %, 12.4 ms, 11.2 KB of RAM, 20 KB of flash` or why it failed. */
export function trialText(trial: TrialRecord): string {
  const name = `${trial.trial} ${trial.name}`;
  if (trial.result === undefined) return `${name} failed: ${trial.error ?? 'no reason was given'}`;
  const costs = Object.values(trial.costs).map((cost) => {
    const latency = cost.latencyMs === undefined ? 'no data on latency' : formatMilliseconds(cost.latencyMs);
    return `${latency}, ${formatBytes(cost.ramBytes)} of RAM, ${formatBytes(cost.flashBytes)} of flash`;
  });
  const epochs = `${trial.result.epochs} epoch${trial.result.epochs === 1 ? '' : 's'}`;
  return `${name}: ${[percent(trial.result.validation.int8), ...costs].join(', ')} after ${epochs}`;
}

/** The best int8 accuracy of the trials that have been heard of. */
export class Best {
  #share: number | undefined;

  hear(trial: TrialRecord): void {
    const share = trial.result?.validation.int8;
    if (share !== undefined && share > (this.#share ?? -1)) this.#share = share;
  }

  get text(): string {
    return this.#share === undefined ? 'none yet' : percent(this.#share);
  }
}
