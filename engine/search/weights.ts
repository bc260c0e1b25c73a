/**
 * Where the weights of trials come from, apart from who proposes them: a strategy asks and is told, and the source that
 * its row names evaluates what it asks for. A supernet is trained in `prepare` and judged in `evaluate`; of choices that
 * are trained with the weights, the strategy hears what they prefer by `Domain.foresee`.
 */

import type { RunningStrategy, strategies } from '../space/index.ts';
import type { Executor } from './workers/pool.ts';

export interface WeightSource {
  /**
   * Before the first proposal of a sitting: makes what all trials share, or takes from the run's folder what an earlier
   * sitting made. Ends early, with what there is, when the signal says so.
   */
  prepare(signal: AbortSignal): Promise<void>;
  readonly evaluate: Executor['evaluate'];
}

/** What a source works with. */
export interface WeightParts {
  readonly executor: Executor;
  /** The run's, to keep in it what is shared. */
  readonly folder: string;
}

type Used = (typeof strategies)[RunningStrategy]['weights'];

export const weightSources: Readonly<Record<Used, (parts: WeightParts) => WeightSource>> = {
  /** Every trial is trained by itself from random weights. */
  scratch: ({ executor }) => ({
    prepare: () => Promise.resolve(),
    evaluate: (job, onEpoch) => executor.evaluate(job, onEpoch),
  }),
};
