/**
 * Works a run off: takes jobs from the schedule, has them evaluated, journals every result before anything else hears
 * of it, and tells the listener. What has been journaled by an earlier sitting is taken from there, so to resume a
 * run is to run it.
 */

import { setTimeout as sleep } from 'node:timers/promises';

import { endText } from '../end-text.ts';
import { SearchError } from '../errors.ts';
import { failuresText } from '../failures.ts';
import { deriveSeed } from '../random-source.ts';
import { type Job, Schedule, type StagePlan } from '../schedule.ts';
import type { Ranking } from '../ranking.ts';
import type { Domain, Evaluated, FinishReason, SearchEvent, Strategy, TrialRecord } from '../types.ts';
import type { Decisions } from '../../space/types.ts';
import type { WeightSource } from '../weights.ts';
import type { Executor, Outcome } from '../workers/pool.ts';
import { trialFolder } from './folder.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { Standing } from './standing.ts';
import { endOfStage, fitToTime, shortenToTime } from './time-plan.ts';

/** What is searched: candidates, how to tell of them, and how to compare what training gave. */
export interface Problem<C> {
  readonly domain: Domain<C>;
  describe(candidate: C): {
    readonly name: string;
    readonly decisions: Decisions;
    readonly costs: TrialRecord['costs'];
  };
  rate(record: TrialRecord): { readonly scores: readonly number[]; readonly violation: number };
  /** Candidates in all, an upper bound; unlimited when undefined. */
  readonly size?: number;
}

export interface RunParts<C> {
  readonly folder: string;
  readonly problem: Problem<C>;
  readonly strategy: Strategy<C>;
  readonly executor: Executor;
  readonly weights: WeightSource;
  readonly journal: Journal;
  /** What earlier sittings recorded. */
  readonly past: readonly JournalRecord[];
  readonly seed: number;
  readonly trials: number | undefined;
  readonly budgetSeconds: number | undefined;
  /** Epochs by stage. */
  readonly epochs: readonly number[];
  /** The last of `epochs` are for the front; see {@link Schedule}. */
  readonly retrain?: boolean;
  readonly patience?: number | undefined;
  readonly lookAhead: number;
  /** What a person is told of the results. */
  readonly ranking: Ranking;
  readonly emit: (event: SearchEvent) => void;
  readonly signal: AbortSignal;
  /** Monotonic seconds. */
  readonly now: () => number;
}

export interface RunEnd {
  readonly reason: FinishReason;
  readonly front: readonly number[];
}

/** Seconds after which the time that is left is told anew while nothing comes to an end. */
const TELL_AFTER = 5;

type Evaluation = Extract<JournalRecord, { kind: 'evaluation' }>;
type Settled<C> = { readonly job: Job<C>; readonly outcome: Outcome } | { readonly error: unknown };

export async function work<C>(parts: RunParts<C>): Promise<RunEnd> {
  return new Work(parts).run();
}

class Work<C> {
  private readonly parts: RunParts<C>;
  private readonly schedule: Schedule<C>;
  private readonly past = new Map<string, Evaluation>();
  private readonly stages = new Map<number, Extract<JournalRecord, { kind: 'stage' }>>();
  private readonly ended: FinishReason | undefined;
  private readonly started: number;
  private readonly elapsedBefore: number;
  private readonly standing: Standing<C>;
  private readonly running = new Map<Job<C>, Promise<Settled<C>>>();

  constructor(parts: RunParts<C>) {
    this.parts = parts;
    this.schedule = new Schedule(parts.strategy, {
      trials: parts.trials,
      epochs: parts.epochs,
      retrain: parts.retrain ?? false,
      patience: parts.patience,
      lookAhead: parts.lookAhead,
    });
    let ended: FinishReason | undefined;
    let elapsed = 0;
    for (const record of parts.past) {
      elapsed = Math.max(elapsed, record.elapsed);
      if (record.kind === 'evaluation') this.past.set(place(record.record), record);
      else if (record.kind === 'stage') this.stages.set(record.stage, record);
      else if (record.kind === 'finished') ended = record.reason;
    }
    this.ended = ended;
    this.elapsedBefore = elapsed;
    this.started = parts.now();
    const { trials, budgetSeconds, epochs, retrain = false, patience, ranking, executor, problem } = parts;
    this.standing = new Standing({
      ...{ budgetSeconds, epochs, retrain, patience },
      schedule: this.schedule,
      trials: trials === undefined ? undefined : Math.min(trials, problem.size ?? Infinity),
      slots: executor.slots,
      objectives: ranking.settings.objectives,
      constraints: ranking.settings.constraints,
      elapsed: () => this.elapsed(),
    });
  }

  async run(): Promise<RunEnd> {
    const { executor, weights, signal } = this.parts;
    const wake = new AbortController();
    const stop = (): void => wake.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (!this.isOver()) await weights.prepare(signal);
      for (;;) {
        if (signal.aborted) return this.end('stopped');
        const finished = await this.advance();
        if (finished !== undefined) return finished;
        await this.settleOne(wake.signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      wake.abort();
      executor.stop();
    }
  }

  /** Starts all that can be started. Returns the end when there is nothing left to do. */
  private async advance(): Promise<RunEnd | undefined> {
    while (this.isOver() || this.running.size < this.parts.executor.slots) {
      this.limitExploring();
      const next = this.schedule.next();
      if (next === 'wait') {
        // What was cut off by the end of the time stays as it is.
        return this.isOver() ? this.finish('budget') : undefined;
      }
      if (next === 'finished') return this.finish(this.naturalEnd());
      if (next === 'plan') {
        if (!this.beginStage()) return this.finish(this.naturalEnd());
        continue;
      }
      const known = this.recall(next);
      if (known !== undefined) this.accept(next, known);
      else if (!this.isOver()) this.start(next);
      // Lets the lock be refreshed and Stop be heard while a long journal is replayed.
      if (known !== undefined && this.standing.trained % 64 === 0) await sleep(0);
      if (this.parts.signal.aborted) return undefined;
    }
    return undefined;
  }

  private limitExploring(): void {
    const planned = this.stages.get(1);
    if (this.schedule.stage > 0) return;
    if (planned !== undefined) {
      if (this.schedule.proposed >= planned.explored) this.schedule.endExploring(planned.ended);
      return;
    }
    const { budgetSeconds, epochs } = this.parts;
    if (budgetSeconds === undefined || this.past.size > 0) return;
    if (this.elapsed() >= budgetSeconds * endOfStage(0, epochs.length)) this.schedule.endExploring();
  }

  /** @returns false when the run is complete */
  private beginStage(): boolean {
    const { budgetSeconds, epochs, journal } = this.parts;
    const timed = budgetSeconds !== undefined && this.schedule.proposed < (this.parts.trials ?? Infinity);
    const proposal = this.schedule.proposal(timed && !this.schedule.exhausted);
    if (proposal === undefined) return false;
    const recorded = this.stages.get(proposal.stage);
    if (recorded !== undefined) {
      this.requireKnown(recorded.trials);
      this.schedule.begin(recorded);
      return true;
    }
    const available =
      budgetSeconds === undefined
        ? Infinity
        : budgetSeconds * endOfStage(proposal.stage, epochs.length) - this.elapsed();
    const plan = this.planInTime(proposal, available);
    if (proposal.stage >= epochs.length && plan.trials.length === 0) return false;
    const { proposed: explored, ended } = this.schedule;
    journal.append({ kind: 'stage', ...plan, explored, ended, elapsed: this.elapsed() });
    if (plan.trials.length > 0) {
      const many = plan.trials.length === 1 ? 'trial goes' : 'trials go';
      const epochsText = plan.epochs === 1 ? 'epoch' : 'epochs';
      this.message('info', `${plan.trials.length} ${many} on to ${plan.epochs} ${epochsText} of training.`);
    }
    this.schedule.begin(plan);
    this.tellProgress();
    return true;
  }

  private requireKnown(trials: readonly number[]): void {
    const unknown = trials.find((trial) => trial >= this.schedule.proposed);
    if (unknown === undefined) return;
    throw new SearchError(
      'journal',
      `${this.parts.journal.path} records a stage with trial ${unknown}, and there is no such trial. Restore the file from a copy, or start a new run.`,
    );
  }

  /** What of a proposed stage can be done in `available` seconds. */
  private planInTime(proposal: StagePlan, available: number): StagePlan {
    const { epochs, executor } = this.parts;
    const perEpoch = (trial: number): number => this.standing.secondsPerEpoch(trial);
    const forStage = (trial: number): number => perEpoch(trial) * proposal.epochs;
    const plan = fitToTime(proposal, forStage, executor.slots, available);
    const [first] = proposal.trials;
    if (first === undefined || plan.trials.includes(first) || proposal.stage >= epochs.length) return plan;
    // What is most worthwhile does not fit: rather train it last, and shorter, than something else instead of it.
    if (proposal.stage < epochs.length - 1) return { ...plan, trials: [] };
    // The same epochs once more still bring the test split into play.
    const most = Math.max(
      ...proposal.trials.map((trial) => this.standing.record(trial)?.result?.epochs ?? 0),
    );
    const shortened = shortenToTime(proposal, perEpoch, executor.slots, available, most);
    if (shortened !== undefined) return shortened;
    this.message(
      'warning',
      `The time does not suffice for a last training, so no trial is judged on the test split. Give the search a longer budget or fewer epochs.`,
    );
    return { ...plan, trials: [] };
  }

  /** The journaled result for a job, if an earlier sitting had one. */
  private recall(job: Job<C>): TrialRecord | undefined {
    const known = this.past.get(place(job));
    if (known === undefined) return undefined;
    this.past.delete(place(job));
    if (known.key === this.parts.problem.domain.key(job.candidate)) return known.record;
    throw new SearchError(
      'journal',
      `${this.parts.journal.path} records another architecture for trial ${job.trial} than these settings lead to. ` +
        'It was written by another version or with other settings: start a new run.',
    );
  }

  private start(job: Job<C>): void {
    const { weights, problem, emit, folder, seed } = this.parts;
    const { name, decisions } = problem.describe(job.candidate);
    emit({ event: 'trial-started', trial: job.trial, name });
    const evaluation = weights
      .evaluate(
        {
          trial: job.trial,
          decisions,
          epochs: job.epochs,
          seed: deriveSeed(seed, job.trial),
          final: job.final,
          saveTo: trialFolder(folder, job.trial, job.epochs),
        },
        (epoch, epochs, loss) => emit({ event: 'epoch', trial: job.trial, epoch, epochs, loss }),
      )
      .then(
        (outcome): Settled<C> => ({ job, outcome }),
        (error: unknown): Settled<C> => ({ error }),
      );
    this.running.set(job, evaluation);
    this.standing.begin(job);
  }

  /** Waits for the next result, the end of the time, or the wish to stop. */
  private async settleOne(stopped: AbortSignal): Promise<void> {
    const timer = new AbortController();
    const deadline = sleep(Math.min(this.untilNextDeadline(), TELL_AFTER) * 1000, undefined, {
      signal: timer.signal,
    }).catch(() => undefined);
    const abort = new Promise<undefined>((resolve) => {
      if (stopped.aborted) resolve(undefined);
      stopped.addEventListener('abort', () => resolve(undefined), { once: true, signal: timer.signal });
    });
    const settled = await Promise.race([...this.running.values(), deadline, abort]);
    timer.abort();
    if (settled === undefined) {
      this.tellProgress();
      return;
    }
    if ('error' in settled) throw settled.error;
    this.running.delete(settled.job);
    const record = this.record(settled.job, settled.outcome);
    const key = this.parts.problem.domain.key(settled.job.candidate);
    this.parts.journal.append({ kind: 'evaluation', key, record, elapsed: this.elapsed() });
    this.accept(settled.job, record);
  }

  private record(job: Job<C>, outcome: Outcome): TrialRecord {
    const { name, decisions, costs } = this.parts.problem.describe(job.candidate);
    const common = { trial: job.trial, stage: job.stage, name, decisions, costs };
    if (outcome.status === 'failed') {
      return { ...common, status: 'failed', result: undefined, error: outcome.error };
    }
    const { result } = outcome;
    if (!Number.isFinite(result.validation.int8) || !Number.isFinite(result.test?.int8 ?? 0)) {
      return {
        ...common,
        status: 'failed',
        result: undefined,
        error: 'Training diverged: the accuracy is not a number.',
      };
    }
    return { ...common, status: 'done', result, error: undefined };
  }

  private accept(job: Job<C>, record: TrialRecord): void {
    const { candidate } = job;
    this.standing.end(job, record);
    let evaluated: Evaluated<C> | undefined;
    if (record.status === 'done') evaluated = { candidate, ...this.parts.problem.rate(record) };
    this.schedule.complete(job, evaluated);
    const { ranking, emit } = this.parts;
    ranking.hear(record);
    const trial = ranking.tell(record);
    emit({ event: 'trial', trial, fronts: ranking.current(), progress: this.standing.progress() });
  }

  private tellProgress(): void {
    this.parts.emit({ event: 'progress', progress: this.standing.progress() });
  }

  /** Seconds of active searching, earlier sittings included. */
  private elapsed(): number {
    return this.elapsedBefore + this.parts.now() - this.started;
  }

  /** Nothing may be started any more: the run ended in an earlier sitting, or its time is used up. */
  private isOver(): boolean {
    const { budgetSeconds } = this.parts;
    return this.ended !== undefined || (budgetSeconds !== undefined && this.elapsed() >= budgetSeconds);
  }

  private untilNextDeadline(): number {
    const { budgetSeconds, epochs } = this.parts;
    if (budgetSeconds === undefined) return Infinity;
    const exploringLeft = budgetSeconds * endOfStage(0, epochs.length) - this.elapsed();
    if (this.schedule.stage === 0 && exploringLeft > 0) return exploringLeft;
    return Math.max(0, budgetSeconds - this.elapsed());
  }

  private naturalEnd(): Exclude<FinishReason, 'stopped'> {
    if (this.schedule.ended !== undefined) return this.schedule.ended;
    const { trials, budgetSeconds } = this.parts;
    return trials !== undefined && (budgetSeconds === undefined || this.schedule.proposed >= trials)
      ? 'trials'
      : 'budget';
  }

  private finish(reason: Exclude<FinishReason, 'stopped'>): RunEnd {
    if (this.ended === undefined) {
      this.parts.journal.append({ kind: 'finished', reason, elapsed: this.elapsed() });
    }
    return this.end(this.ended ?? reason);
  }

  private end(reason: FinishReason): RunEnd {
    const front = this.schedule.front();
    const { ranking, emit } = this.parts;
    const { records, failed, best } = this.standing;
    const seconds = this.elapsed();
    if (reason !== 'stopped' && records.length > 0 && failed === records.length) {
      throw new SearchError('trials', `${failuresText(records)} Mend that, then start a new search.`);
    }
    const text = endText({ reason, records, seconds, best, ...ranking.settings });
    const fronts = ranking.current();
    emit({ event: 'finished', reason, fronts, trials: records.length, failed, seconds, best, text });
    return { reason, front };
  }

  private message(level: 'info' | 'warning', text: string): void {
    this.parts.emit({ event: 'message', level, text });
  }
}

function place(at: { readonly trial: number; readonly stage: number }): string {
  return `${at.stage}/${at.trial}`;
}
