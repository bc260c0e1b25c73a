/** Keeps account of a run while it goes on: latest results, trainings under way, and from them where the run stands. */

import { type Constraint, type Objective, violationOf } from '../objectives.ts';
import { bestTrial } from '../overall-front.ts';
import type { Job, Schedule } from '../schedule.ts';
import type { BestTrial, SearchProgress, TrialRecord } from '../types.ts';
import { expectedEvaluations, progressText, stagesAhead } from './progress.ts';
import { type Range, timeLeft, type Training } from './time-left.ts';

export interface StandingParts<C> {
  readonly schedule: Schedule<C>;
  readonly trials: number | undefined;
  readonly budgetSeconds: number | undefined;
  /** Epochs by stage. */
  readonly epochs: readonly number[];
  readonly retrain: boolean;
  readonly patience: number | undefined;
  readonly slots: number;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  /** Seconds of active searching. */
  readonly elapsed: () => number;
}

export class Standing<C> {
  private readonly parts: StandingParts<C>;
  /** Latest record by trial. */
  private readonly latest = new Map<number, TrialRecord>();
  private readonly past: Training[] = [];
  private readonly running = new Map<Job<C>, number>();
  private evaluations = 0;
  private share = 0;

  constructor(parts: StandingParts<C>) {
    this.parts = parts;
  }

  begin(job: Job<C>): void {
    this.running.set(job, this.parts.elapsed());
  }

  end(job: Job<C>, record: TrialRecord): void {
    this.running.delete(job);
    this.evaluations++;
    this.latest.set(job.trial, record);
    const { result } = record;
    if (result !== undefined)
      this.past.push({ trial: job.trial, epochs: result.epochs, seconds: result.seconds });
  }

  get records(): readonly TrialRecord[] {
    return [...this.latest.values()];
  }

  /** Trainings that have come to an end. */
  get trained(): number {
    return this.evaluations;
  }

  record(trial: number): TrialRecord | undefined {
    return this.latest.get(trial);
  }

  /** By the trial's own latest training. */
  secondsPerEpoch(trial: number): number {
    const result = this.latest.get(trial)?.result;
    return result === undefined ? 0 : result.seconds / result.epochs;
  }

  get best(): BestTrial | undefined {
    const { schedule, objectives } = this.parts;
    return bestTrial(this.records, schedule.front(), objectives);
  }

  progress(): SearchProgress {
    const { schedule, trials } = this.parts;
    const told = {
      tried: this.latest.size,
      failed: this.failed,
      trials,
      training: schedule.stage === 0 || schedule.planned === 0 ? undefined : this.stageUnderWay(),
      share: this.shareDone(),
      secondsLeft: this.secondsLeft(),
      best: this.best,
    };
    return { ...told, text: progressText(told) };
  }

  private stageUnderWay(): SearchProgress['training'] {
    const { schedule, epochs } = this.parts;
    const of = schedule.planned;
    const done = of - schedule.waiting.length - this.running.size;
    const full = schedule.epochs >= (epochs.at(-1) ?? 1);
    return { at: Math.min(done + 1, of), of, epochs: schedule.epochs, full };
  }

  private shareDone(): number {
    const { trials, epochs, budgetSeconds, schedule } = this.parts;
    const begun = this.evaluations + this.running.size + schedule.waiting.length;
    const byTrials =
      trials === undefined ? 0 : this.evaluations / Math.max(expectedEvaluations(trials, epochs), begun, 1);
    const byTime = budgetSeconds === undefined ? 0 : this.parts.elapsed() / budgetSeconds;
    this.share = Math.min(1, Math.max(this.share, byTrials, byTime));
    return this.share;
  }

  /** A budget ends whatever is under way; how much of it is used depends on what fits, until the last stage is planned. */
  private secondsLeft(): Range | undefined {
    const { budgetSeconds, trials, schedule, epochs } = this.parts;
    const budgetLeft =
      budgetSeconds === undefined ? Infinity : Math.max(0, budgetSeconds - this.parts.elapsed());
    const isPlanned = schedule.stage >= epochs.length - 1;
    const byTrainings = trials === undefined && !isPlanned ? undefined : this.trainingLeft();
    if (byTrainings === undefined)
      return Number.isFinite(budgetLeft) ? { low: 0, high: budgetLeft } : undefined;
    const low = Number.isFinite(budgetLeft) && !isPlanned ? 0 : Math.min(byTrainings.low, budgetLeft);
    return { low, high: Math.min(byTrainings.high, budgetLeft) };
  }

  private trainingLeft(): Range | undefined {
    const { schedule, epochs, retrain, patience, slots, trials = 0 } = this.parts;
    const { stage } = schedule;
    const running = [...this.running].map(([job, since]): Training => ({
      trial: job.trial,
      epochs: job.epochs,
      seconds: this.parts.elapsed() - since,
    }));
    const waiting = schedule.waiting.map((trial) => ({ trial, epochs: schedule.epochs }));
    const unproposed = schedule.isExploring ? Math.max(0, trials - schedule.proposed) : 0;
    // Patience may end at any trial.
    const sure = patience === undefined ? unproposed : 0;
    const usable = stage === 0 ? schedule.proposed - this.failed : schedule.planned;
    const inHand = new Set([...running, ...waiting].map(({ trial }) => trial));
    const front = schedule.front();
    return timeLeft({
      past: this.past,
      slots,
      running,
      waiting,
      unproposed: { least: sure, most: unproposed, epochs: epochs[0] ?? 1 },
      later: stagesAhead({
        stage,
        epochs,
        retrain,
        size: { least: Math.max(1, usable + sure), most: usable + unproposed },
        front: {
          size: front.length,
          partly: front.filter((trial) => !inHand.has(trial) && this.isPartly(trial)).length,
          candidates: (stage === 0 ? unproposed + running.length : 0) + this.candidates(inHand),
        },
      }),
    });
  }

  get failed(): number {
    return this.records.filter(({ status }) => status === 'failed').length;
  }

  /** Trials that may yet be on the front and be trained in full. What is under way may push any of them onto it. */
  private candidates(inHand: ReadonlySet<number>): number {
    const { constraints } = this.parts;
    const usable = this.records.filter(
      (record) => record.status === 'done' && violationOf(record, constraints) <= 0,
    );
    return usable.filter(({ trial }) => !inHand.has(trial) && this.isPartly(trial)).length;
  }

  private isPartly(trial: number): boolean {
    return this.latest.get(trial)?.result?.test === undefined;
  }
}
