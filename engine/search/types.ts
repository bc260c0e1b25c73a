/**
 * What a search strategy is: something that asks for candidates and is told how they did. It knows nothing of
 * networks, boards or training, so that the same code runs on published tables in the benchmarks.
 */

import type { TargetId } from '../cost/index.ts';
import type { CostMetric, KnownMetric } from '../space/metrics.ts';
import type { RandomSource } from '../space/types.ts';

/** The moves that a strategy can make on candidates of type `C`. */
export interface Domain<C> {
  sample(random: RandomSource): C;
  mutate(candidate: C, random: RandomSource): C;
  crossover(a: C, b: C, random: RandomSource): C;
  /** Equal for equal candidates. */
  key(candidate: C): string;
  /** Prediction only, no training: how much the candidate violates the constraints, 0 when it meets all. */
  violation(candidate: C): number;
  /** Every candidate in a stable order, lazily, where that is possible: finds the last ones of a small space. */
  enumerate?(): Iterable<C>;
  /** Prediction only: what is known of a candidate before it is evaluated, for strategies that choose with foresight. */
  readonly foresee?: (candidate: C) => Foreseen;
  /** A full sentence saying which constraints `candidate` violates and by how much. */
  explain?(candidate: C): string;
}

/** What prediction tells of a candidate. */
export interface Foreseen {
  /** In the order of the objectives; `undefined` for those that only evaluation gives. */
  readonly scores: readonly (number | undefined)[];
  /** Figures that the others may follow, such as logarithms of latency and parameters. Any scale. */
  readonly figures: readonly number[];
  /** Its decisions, as texts: candidates that decide alike share them. */
  readonly traits: readonly string[];
}

/** Objective values in the order of the search's objectives, every one to be minimised. */
export type Scores = readonly number[];

export interface Evaluated<C> {
  readonly candidate: C;
  readonly scores: Scores;
  readonly violation: number;
}

/**
 * Ask-and-tell. Deterministic: the same seed and the same sequence of calls give the same candidates. A
 * resumed run replays `ask` and `tell` in the journal's order, so a strategy needs no serialisation of its own.
 */
export interface Strategy<C> {
  /** The next candidate to evaluate, or `undefined` when it has to hear of earlier ones first. */
  ask(): C | undefined;
  /** In order of `ask`, whatever the order in which evaluations finished. */
  tell(result: Evaluated<C>): void;
  /** A trial failed (out of memory, NaN): count it as the worst. */
  fail(candidate: C): void;
}

/** Accuracies on one split of the data, as shares in [0, 1]. */
export interface SplitAccuracy {
  readonly int8: number;
  /** Of the network before quantisation; `undefined` where an older version did not measure it. */
  readonly float: number | undefined;
  /** Size of the split; `undefined` where an older version did not record it. */
  readonly samples: number | undefined;
}

/** What training a candidate gave. */
export interface TrialResult {
  /** `validation.int8` is the one accuracy that ranks: objective, limit, axis, column, order and `best`. */
  readonly validation: SplitAccuracy;
  /** How good a network is that was chosen by `validation`; measured after the last training only. Never ranks. */
  readonly test: SplitAccuracy | undefined;
  readonly epochs: number;
  readonly seconds: number;
}

/** A trial as persons and programs are told of it: its latest record, and what follows from it by the run's settings. */
export interface ToldTrial extends TrialRecord {
  /** It has had the run's last training. */
  readonly fullyTrained: boolean;
  /** Limits that it does not keep, as they are written: `accuracy > 75 %`. */
  readonly breaks: readonly string[];
  /** Where the true int8 accuracy lies with 95 % confidence, judged by the test split; needs its size. */
  readonly testInterval: { readonly low: number; readonly high: number } | undefined;
}

/** What is known of a target of a run: its name alone where an older version made the run and its profiles are gone. */
export type KnownTarget = Pick<TargetId, 'target'> & Partial<TargetId>;

/** The trials that no other beats on one target, ascending. */
export interface TargetFront extends KnownTarget {
  readonly trials: readonly number[];
  /** Those that no other fully trained one beats, of the fully trained alone. */
  readonly fullyTrained: readonly number[];
}

/** Where a search stands. */
export interface SearchProgress {
  /** Trials that were trained at least once, and how many of them failed. */
  readonly tried: number;
  readonly failed: number;
  /** How many are to be tried; `undefined` where time is the limit. */
  readonly trials: number | undefined;
  /** Trials that are trained again, with more epochs: which of how many; `full` when it is their last training. */
  readonly training:
    { readonly at: number; readonly of: number; readonly epochs: number; readonly full: boolean } | undefined;
  /** Of all trainings that are expected, or of the time where that is the limit; in [0, 1], never less than before. */
  readonly share: number;
  /** The time that is left lies in between; `undefined` while too little has been seen. */
  readonly secondsLeft: { readonly low: number; readonly high: number } | undefined;
  readonly best: BestTrial | undefined;
  /** All this in words, for a person. */
  readonly text: string;
}

/** The best of the front by the first objective, as `best` is everywhere. */
export interface BestTrial {
  readonly trial: number;
  readonly name: string;
  /** int8, on the validation split. */
  readonly accuracy: number | undefined;
  /** On the slowest target; `undefined` where no data supports it. */
  readonly latencyMs: number | undefined;
}

/** Why a search is over for now. */
export type FinishReason = 'trials' | 'budget' | 'exhausted' | 'patience' | 'stopped';

/** Lines that a search process writes to its standard output, one JSON object each; cli/schema/events.schema.json. */
export type SearchEvent =
  | {
      readonly event: 'started';
      readonly schema: 2;
      readonly run: string;
      readonly trials: number | undefined;
      readonly budgetSeconds: number | undefined;
      /** Epochs of the last training. */
      readonly fullEpochs: number;
      readonly workers: number;
      readonly backend: string;
      readonly resumed: number;
    }
  | { readonly event: 'message'; readonly level: 'info' | 'warning' | 'error'; readonly text: string }
  | { readonly event: 'trial-started'; readonly trial: number; readonly name: string }
  | {
      readonly event: 'epoch';
      readonly trial: number;
      readonly epoch: number;
      readonly epochs: number;
      readonly loss: number;
    }
  | {
      readonly event: 'trial';
      readonly trial: ToldTrial;
      readonly fronts: readonly TargetFront[];
      readonly progress: SearchProgress;
    }
  /** A stage has begun, or time has gone by. */
  | { readonly event: 'progress'; readonly progress: SearchProgress }
  | {
      readonly event: 'finished';
      readonly reason: FinishReason;
      readonly fronts: readonly TargetFront[];
      readonly trials: number;
      readonly failed: number;
      /** Of active searching, over all sittings. */
      readonly seconds: number;
      readonly best: BestTrial | undefined;
      /** All this in words, for a person. */
      readonly text: string;
    }
  /** Written by the process that searches, since it alone knows how it ends. */
  | {
      readonly event: 'failed';
      readonly schema?: 1;
      /** `problems`, `usage`, `io`, `search` or `internal`, as the exit code says. */
      readonly code?: string;
      readonly message: string;
      /** The first mistake of the text, where that is what keeps a search from starting. */
      readonly place?: TextPlace;
    };

export interface TextPlace {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** One evaluation of a trial in the journal, and one point of the front view (there its latest evaluation). */
export interface TrialRecord {
  readonly trial: number;
  /** 0 for the first evaluation, with the fewest epochs; one more for each promotion to more epochs. */
  readonly stage: number;
  readonly name: string;
  readonly decisions: Readonly<Record<string, number>>;
  readonly status: 'done' | 'failed';
  readonly result: TrialResult | undefined;
  /** Predicted, per target (see `TargetId`). */
  readonly costs: Readonly<Record<string, TrialCosts>>;
  readonly error: string | undefined;
}

/** Each in the unit of its metric; absent where no data supports a number. */
export type TrialCosts = { readonly [M in KnownMetric]: number } & {
  readonly [M in Exclude<CostMetric, KnownMetric>]?: number | undefined;
};
