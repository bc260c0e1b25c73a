/** What a run and its worker processes say to each other. Everything survives JSON. */

import type { Decisions } from '../../space/types.ts';
import type { TrialResult } from '../types.ts';

/** One trial to train, quantise and judge. */
export interface WorkerJob {
  readonly trial: number;
  readonly decisions: Decisions;
  readonly epochs: number;
  /** Of weights, batches and augmentation. */
  readonly seed: number;
  /** Fully trained: judge it on the test split too. */
  readonly final: boolean;
  /** Folder for weights and model; written beside and renamed, so it is whole or absent. */
  readonly saveTo: string;
}

/** What trains a trial; lives in a worker process. */
export interface TrialEvaluator {
  /** What computes, for the log: `tfjs-node`, `wasm`. */
  readonly backend: string;
  /** Of the dataset's bytes; a run is not resumed on other data. */
  readonly dataFingerprint: string;
  /** @param alive to be called every few seconds; an evaluator that stays silent for minutes is taken for hung */
  evaluate(
    job: WorkerJob,
    onEpoch: (epoch: number, epochs: number, loss: number) => void,
    alive: () => void,
  ): Promise<TrialResult>;
}

/** A module that a worker can load in place of the built-in evaluator exports this. */
export type CreateEvaluator = (context: unknown) => Promise<TrialEvaluator>;

/** What a worker tells of itself when it can work. */
export type Readiness = Pick<TrialEvaluator, 'backend' | 'dataFingerprint'>;

export type ToWorker =
  | { readonly type: 'start'; readonly module: string | undefined; readonly context: unknown }
  | { readonly type: 'evaluate'; readonly job: WorkerJob };

export type FromWorker =
  | ({ readonly type: 'ready' } & Readiness)
  /** The evaluator could not be made: no worker can work. */
  | { readonly type: 'unusable'; readonly code: string; readonly message: string }
  /** Nothing new, but it works. */
  | { readonly type: 'alive' }
  | { readonly type: 'epoch'; readonly epoch: number; readonly epochs: number; readonly loss: number }
  | { readonly type: 'result'; readonly result: TrialResult }
  /** This trial failed. */
  | { readonly type: 'failed'; readonly message: string }
  /** Nothing is wrong with the trial, but the run cannot go on: the disk is full, for example. */
  | { readonly type: 'broken'; readonly code: string; readonly message: string };
