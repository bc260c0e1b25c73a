/**
 * The one rule by which trials are told apart, for the command line, its JSON, the events of a search and every view:
 * by the latest results, what keeps all limits and is beaten by no other in all objectives is on the front. On each
 * target of its own: objectives and limits that name no target are judged by that target's costs.
 */

import { brokenConstraints, type Constraint, type Objective, scoresOf, violationOf } from './objectives.ts';
import { nonDominated } from './pareto.ts';
import type { KnownTarget, Scores, TargetFront, ToldTrial, TrialRecord } from './types.ts';
import { wilsonInterval } from '../cost/wilson.ts';

export interface RankingSettings {
  readonly targets: readonly KnownTarget[];
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
}

/** Keeps the fronts up to date while results come in. */
export class Ranking {
  readonly settings: RankingSettings;
  private readonly fronts: readonly {
    readonly target: RankingSettings['targets'][number];
    readonly all: LiveFront;
    readonly fullyTrained: LiveFront;
  }[];

  constructor(settings: RankingSettings) {
    this.settings = settings;
    this.fronts = settings.targets.map((target) => ({
      target,
      all: new LiveFront(),
      fullyTrained: new LiveFront(),
    }));
  }

  /** @param record the latest of its trial */
  hear(record: TrialRecord): void {
    for (const { target, all, fullyTrained } of this.fronts) {
      const scores = this.scoresOn(target.target, record);
      all.put(record.trial, scores);
      fullyTrained.put(record.trial, isFullyTrained(record) ? scores : undefined);
    }
  }

  current(): readonly TargetFront[] {
    return this.fronts.map(({ target, all, fullyTrained }) => ({
      ...target,
      trials: all.members(),
      fullyTrained: fullyTrained.members(),
    }));
  }

  tell(record: TrialRecord): ToldTrial {
    return tellTrial(record, this.settings.constraints);
  }

  /** Undefined for what cannot be on a front. */
  private scoresOn(target: string, record: TrialRecord): Scores | undefined {
    if (record.status !== 'done') return undefined;
    const { objectives, constraints } = this.settings;
    const here = <T extends { readonly on: string | undefined }>(setting: T): T =>
      setting.on === undefined ? { ...setting, on: target } : setting;
    return violationOf(record, constraints.map(here)) > 0
      ? undefined
      : scoresOf(record, objectives.map(here));
  }
}

/** Only after its last training is a trial judged on the test split. */
function isFullyTrained({ result }: TrialRecord): boolean {
  return result?.test !== undefined;
}

function tellTrial(record: TrialRecord, constraints: readonly Constraint[]): ToldTrial {
  const { test } = record.result ?? {};
  return {
    ...record,
    fullyTrained: isFullyTrained(record),
    breaks: record.status === 'done' ? brokenConstraints(record, constraints) : [],
    testInterval:
      test?.samples === undefined || test.samples < 1 ? undefined : wilsonInterval(test.int8, test.samples),
  };
}

/** The non-dominated of what it holds; of equal ones the first. Comparing all with all is spared where it can be. */
class LiveFront {
  private readonly scores = new Map<number, Scores>();
  private front: readonly number[] = [];
  private stale = false;

  put(trial: number, scores: Scores | undefined): void {
    const known = this.scores.has(trial);
    if (scores === undefined) this.scores.delete(trial);
    else this.scores.set(trial, scores);
    if (known) this.stale = true;
    else if (scores !== undefined && !this.stale) this.front = this.among([...this.front, trial]);
  }

  members(): readonly number[] {
    if (this.stale) this.front = this.among([...this.scores.keys()]);
    this.stale = false;
    return this.front;
  }

  private among(trials: readonly number[]): number[] {
    const sorted = [...trials].sort((a, b) => a - b);
    return nonDominated(sorted.map((trial) => this.scores.get(trial) ?? [])).flatMap((i) => sorted[i] ?? []);
  }
}
