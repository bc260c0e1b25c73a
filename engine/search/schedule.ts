/**
 * What a run does next, as a function of its settings and of the results so far, and of nothing else: no clock, no
 * workers. Replaying a journal through it leads to the very state in which the run was broken off.
 *
 * A run goes through stages. In stage 0 the strategy proposes trials and each is trained for the fewest epochs.
 * Each later stage trains a third of the one before three times as long (see promotion.ts). At last, as long as a
 * trial with less than full training stands in the front, all such are trained in full; so the front of a finished
 * run holds nothing but fully trained trials.
 */

import { lookAhead } from './order.ts';
import { nonDominated } from './pareto.ts';
import { promotionOrder, REDUCTION } from './promotion.ts';
import type { Evaluated, Strategy } from './types.ts';

export interface Job<C> {
  readonly trial: number;
  readonly stage: number;
  readonly epochs: number;
  /** Fully trained: its weights are for export, and the test split may be looked at. */
  readonly final: boolean;
  readonly candidate: C;
}

export interface ScheduleSettings {
  /** Trials in stage 0; unlimited (until `endStage`) when undefined. */
  readonly trials: number | undefined;
  /** Epochs by stage, ascending; at least one. */
  readonly epochs: readonly number[];
  /** The last of `epochs` are for what stands in the front then, instead of a third of the stage before. */
  readonly retrain?: boolean;
  /** No trial is proposed after so many in a row that did not enter the front; no end to patience when undefined. */
  readonly patience?: number | undefined;
  readonly lookAhead: number;
}

/** A decision that does not follow from results alone: the trials of a stage, chosen with an eye on the time. */
export interface StagePlan {
  readonly stage: number;
  readonly epochs: number;
  readonly trials: readonly number[];
}

interface Trial<C> {
  readonly candidate: C;
  /** The latest result; undefined before the first and after a failure. */
  evaluated: Evaluated<C> | undefined;
  epochs: number;
  stage: number;
  failed: boolean;
}

export class Schedule<C> {
  /** Of the stage under way. */
  stage = 0;
  /** The strategy had nothing left to propose. */
  exhausted = false;
  /** So many trials in a row did not enter the front that no more were proposed. */
  outOfPatience = false;
  private readonly strategy: Strategy<C>;
  private readonly settings: ScheduleSettings;
  private readonly trials: Trial<C>[] = [];
  private told = 0;
  /** Front of what has been told, and the number of results told when it last changed. */
  private toldFront: readonly number[] = [];
  private lastGain = 0;
  /** Results that the strategy wanted to hear before it proposes again. */
  private required = 0;
  private exploring = true;
  private queue: number[] = [];
  private stageEpochs = 0;
  private stageSize = 0;
  private open = 0;
  private over = false;
  private currentFront: readonly number[] | undefined;

  constructor(strategy: Strategy<C>, settings: ScheduleSettings) {
    this.strategy = strategy;
    this.settings = settings;
  }

  /**
   * The next job, or what stands in its way: `wait` for results under way, `plan` when a stage is complete and the
   * next has to be begun with {@link begin}, `finished` when there is nothing left.
   */
  next(): Job<C> | 'wait' | 'plan' | 'finished' {
    if (this.over) return 'finished';
    if (this.exploring) return this.explore();
    const trial = this.queue.shift();
    if (trial !== undefined) return this.job(trial);
    return this.open > 0 ? 'wait' : 'plan';
  }

  /** Whether further trials may be proposed. */
  get isExploring(): boolean {
    return this.exploring;
  }

  /** No further trials are proposed; those under way are awaited. `ended` is why, if an earlier sitting found out. */
  endExploring(ended?: 'exhausted' | 'patience'): void {
    this.exploring = false;
    if (ended === 'exhausted') this.exhausted = true;
    if (ended === 'patience') this.outOfPatience = true;
  }

  /** Why no more trials were proposed, where neither their number nor the time was the reason. */
  get ended(): 'exhausted' | 'patience' | undefined {
    return this.exhausted ? 'exhausted' : this.outOfPatience ? 'patience' : undefined;
  }

  /** Trials of the stage under way that are still to be trained, and how many it has in all; stage 0 plans none. */
  get waiting(): readonly number[] {
    return this.queue;
  }

  get planned(): number {
    return this.stageSize;
  }

  /** Of the stage under way. */
  get epochs(): number {
    return this.stage === 0 ? (this.settings.epochs[0] ?? 1) : this.stageEpochs;
  }

  /** Trials proposed so far. */
  get proposed(): number {
    return this.trials.length;
  }

  /** Results may come in any order; the strategy hears of them in order of proposal. */
  complete(job: Job<C>, evaluated: Evaluated<C> | undefined): void {
    const trial = this.trials[job.trial];
    if (trial === undefined) throw new RangeError(`There is no trial ${job.trial}.`);
    this.open--;
    trial.stage = job.stage;
    if (job.stage > 0) this.currentFront = undefined;
    if (evaluated === undefined) trial.failed = true;
    else {
      trial.evaluated = evaluated;
      trial.epochs = job.epochs;
    }
    this.extendFront(job.trial);
  }

  /**
   * The trials that the next stage would train, most worthwhile first, and for how long; undefined when the run is
   * complete. Time may thin the list out, not change its order. Where time and not a number of trials limits the run
   * (`timed`), the list holds all that could be trained further, since time will decide.
   */
  proposal(timed: boolean): StagePlan | undefined {
    const stage = this.stage + 1;
    const epochs = this.settings.epochs[stage];
    const full = this.settings.epochs[this.settings.epochs.length - 1] ?? 1;
    if (epochs === undefined) {
      const trials = this.front().filter((trial) => (this.trials[trial]?.epochs ?? full) < full);
      return trials.length === 0 ? undefined : { stage, epochs: full, trials };
    }
    // A stage for which there was no time has no trials; its predecessor's stand in for them.
    const reached = this.trials.reduce((most, trial) => Math.max(most, trial.stage), 0);
    const before = this.trials.flatMap((trial, i) =>
      trial.stage === reached && !trial.failed && trial.evaluated !== undefined ? [i] : [],
    );
    const order = promotionOrder(before.flatMap((i) => this.trials[i]?.evaluated ?? []));
    if (this.settings.retrain === true && epochs === full) {
      const front = this.front();
      const first = order.flatMap((k) => before[k] ?? []).filter((trial) => front.includes(trial));
      return { stage, epochs, trials: [...first, ...front.filter((trial) => !first.includes(trial))] };
    }
    const count = timed ? before.length : Math.ceil(before.length / REDUCTION);
    const trials = order.slice(0, count).flatMap((k) => before[k] ?? []);
    return { stage, epochs, trials };
  }

  /** Starts a stage; an empty list, or none, ends the run. */
  begin(plan: StagePlan | undefined): void {
    if (plan === undefined || (plan.trials.length === 0 && this.settings.epochs[plan.stage] === undefined)) {
      this.over = true;
      return;
    }
    this.exploring = false;
    this.stage = plan.stage;
    this.stageEpochs = plan.epochs;
    this.stageSize = plan.trials.length;
    this.queue = [...plan.trials];
  }

  /**
   * Indices of the trials that no other dominates, by their latest results, ascending; of equal ones the first. The
   * order in which results came does not matter.
   */
  front(): readonly number[] {
    this.currentFront ??= this.wholeFront();
    return this.currentFront;
  }

  private wholeFront(): number[] {
    const usable = this.trials.flatMap((_, i) => (this.usableScores(i) === undefined ? [] : [i]));
    return nonDominated(usable.map((i) => this.usableScores(i) ?? [])).flatMap((k) => usable[k] ?? []);
  }

  /** Brings the front up to date after `trial` has its first result, which spares comparing all with all. */
  private extendFront(trial: number): void {
    if (this.currentFront === undefined || this.usableScores(trial) === undefined) return;
    const among = [...this.currentFront, trial].sort((a, b) => a - b);
    this.currentFront = nonDominated(among.map((i) => this.usableScores(i) ?? [])).flatMap(
      (k) => among[k] ?? [],
    );
  }

  private usableScores(trial: number): readonly number[] | undefined {
    const { evaluated, failed } = this.trials[trial] ?? {};
    return evaluated === undefined || failed === true || evaluated.violation > 0
      ? undefined
      : evaluated.scores;
  }

  private explore(): Job<C> | 'wait' | 'plan' {
    while (this.trials.length < (this.settings.trials ?? Infinity)) {
      const due = Math.max(this.required, lookAhead.mustBeTold(this.trials.length, this.settings.lookAhead));
      while (this.told < due && this.tellNext());
      if (this.told - this.lastGain >= (this.settings.patience ?? Infinity)) {
        this.outOfPatience = true;
        break;
      }
      if (this.told < due) {
        if (this.told < this.trials.length) return 'wait';
        this.exhausted = true;
        break;
      }
      const candidate = this.strategy.ask();
      if (candidate !== undefined) {
        this.trials.push({ candidate, evaluated: undefined, epochs: 0, stage: 0, failed: false });
        return this.job(this.trials.length - 1);
      }
      this.required = this.told + 1;
    }
    this.exploring = false;
    return this.open > 0 ? 'wait' : 'plan';
  }

  /** Tells the strategy of the next result in order of proposal, if it is in. */
  private tellNext(): boolean {
    const trial = this.trials[this.told];
    if (trial === undefined || (trial.evaluated === undefined && !trial.failed)) return false;
    if (trial.evaluated === undefined) this.strategy.fail(trial.candidate);
    else this.strategy.tell(trial.evaluated);
    this.noticeGain(this.told);
    this.told++;
    return true;
  }

  /** Whether the result that is being told enters the front of those told before. */
  private noticeGain(trial: number): void {
    if (this.settings.patience === undefined || this.usableScores(trial) === undefined) return;
    const among = [...this.toldFront, trial];
    this.toldFront = nonDominated(among.map((i) => this.usableScores(i) ?? [])).flatMap(
      (k) => among[k] ?? [],
    );
    if (this.toldFront.includes(trial)) this.lastGain = trial + 1;
  }

  private job(trial: number): Job<C> {
    const candidate = this.trials[trial]?.candidate;
    if (candidate === undefined) throw new RangeError(`There is no trial ${trial}.`);
    this.open++;
    const { epochs } = this;
    const final = this.stage >= this.settings.epochs.length - 1;
    return { trial, stage: this.stage, epochs, final, candidate };
  }
}
