/**
 * What the extension and the front view say to each other. Everything survives JSON; both sides check what
 * arrives, because a webview is a page and its messages are input.
 */

import type { TrialRecord } from '../../engine/search/types.ts';
import { isCostMetric, mainMetrics, type Metric } from '../../engine/space/metrics.ts';

/** What an axis can show; what training gives first. */
export const axes: readonly Metric[] = [...mainMetrics].sort(
  (a, b) => Number(isCostMetric(a)) - Number(isCostMetric(b)),
);

/** One trained trial; `undefined` where nothing supports a number. */
export interface Point {
  readonly trial: number;
  readonly name: string;
  /** int8, on the validation split: what ranks. */
  readonly accuracy: number;
  /** int8, on the test split, after the last training; with its 95 % interval where the size of the split is known. */
  readonly test:
    | { readonly accuracy: number; readonly low: number | undefined; readonly high: number | undefined }
    | undefined;
  readonly epochs: number;
  readonly fullyTrained: boolean;
  /** Limits that it does not keep, as they are written. */
  readonly breaks: readonly string[];
  /** Targets on which no other trial beats it, and on which no other fully trained one does. */
  readonly front: readonly string[];
  readonly frontOfTrained: readonly string[];
  /** By target (board id). */
  readonly costs: TrialRecord['costs'];
}

/** A limit that the space's text sets, as a line across the chart. */
export interface Limit {
  readonly metric: Metric;
  /** The side on which architectures are allowed. */
  readonly allowed: 'below' | 'above';
  readonly bound: number;
  /** Board id when it applies to one target only. */
  readonly target: string | undefined;
}

/** What the search goes for, on one target or on each. */
export interface Goal {
  readonly metric: Metric;
  readonly target: string | undefined;
}

export interface FrontState {
  /** The run's folder; also what the view is restored from. */
  readonly run: string;
  /** Name of the space's file. */
  readonly title: string;
  readonly status: 'running' | 'stopped' | 'finished' | 'failed';
  /** A full sentence about where the search stands. */
  readonly statusText: string;
  readonly targets: readonly string[];
  /** Epochs of the last training, where known. */
  readonly fullEpochs: number | undefined;
  readonly objectives: readonly Goal[];
  readonly points: readonly Point[];
  readonly limits: readonly Limit[];
  readonly failedTrials: number;
}

export type ToPage =
  | { readonly type: 'state'; readonly state: FrontState }
  | { readonly type: 'select'; readonly trial: number };

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly trial: number }
  | { readonly type: 'export'; readonly trial: number }
  | { readonly type: 'stop' }
  | { readonly type: 'resume' };

/** The message, or `undefined` for anything that is none. */
export function readFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  switch (value.type) {
    case 'ready':
    case 'stop':
    case 'resume':
      return { type: value.type };
    case 'open':
    case 'export':
      return 'trial' in value && Number.isSafeInteger(value.trial)
        ? { type: value.type, trial: Number(value.trial) }
        : undefined;
    default:
      return undefined;
  }
}
