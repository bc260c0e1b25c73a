/**
 * How long a run may still take: a range, from the times that its trainings have taken so far, how far they lie apart,
 * and the stages still to come.
 *
 * A training's time is foretold by the trial's own seconds per epoch. Those of the first, short training are too
 * many, since what a training begins and ends with (compiling, quantising, judging) counts for more there; the range
 * reaches down accordingly. Which trials go on is not known before, so trainings of unknown ones are between those of
 * the quick and those of the slow half of what has been seen.
 */

export interface Training {
  readonly trial: number;
  readonly epochs: number;
  readonly seconds: number;
}

/** What is still to come, as far as it is known. */
export interface Outlook {
  /** Trainings that gave a result. */
  readonly past: readonly Training[];
  /** Trainings at a time. */
  readonly slots: number;
  /** Under way for `seconds`. */
  readonly running: readonly Training[];
  /** Of the stage under way: trials that wait, and how many are not even proposed. */
  readonly waiting: readonly Omit<Training, 'seconds'>[];
  readonly unproposed: Unknown;
  /** Stages to come, one after the other. */
  readonly later: readonly Unknown[];
}

/** Between `least` and `most` trainings of trials that nothing is known of. */
export interface Unknown {
  readonly least: number;
  readonly most: number;
  readonly epochs: number;
}

/** Seconds. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Fewer times tell nothing of how far times lie apart. */
const LEAST_SEEN = 3;
/** Factors of a time per epoch that was seen in a much shorter training; the machine may be busier then, too. */
const FROM_SHORTER: Range = { low: 1 / 3, high: 1.7 };
/** The same where a training of about that length was seen. */
const FROM_ALIKE: Range = { low: 0.7, high: 1.5 };
/** A training of at least this share of the epochs is about as long. */
const ALIKE = 0.6;
/** A training that takes longer than foretold may go on for this share of what it has taken. */
const OVERDUE = 0.5;

/** @returns undefined as long as too little has been seen */
export function timeLeft(outlook: Outlook): Range | undefined {
  const { past, running, waiting, slots } = outlook;
  if (past.length < LEAST_SEEN) return undefined;
  const pace = new Pace(past);
  const begun = running.map(({ trial, epochs, seconds }): Range => {
    const { low, high } = pace.of(trial, epochs);
    return { low: Math.max(0, low - seconds), high: Math.max(high - seconds, OVERDUE * seconds) };
  });
  const known = [...begun, ...waiting.map(({ trial, epochs }) => pace.of(trial, epochs))];
  const stages = [
    { known, unknown: outlook.unproposed },
    ...outlook.later.map((unknown) => ({ known: [], unknown })),
  ].map((stage) => duration(stage.known, stage.unknown, pace, slots));
  return {
    low: stages.reduce((sum, { low }) => sum + low, 0),
    high: stages.reduce((sum, { high }) => sum + high, 0),
  };
}

/** Of a stage: at best all processes are busy to its end, at worst the longest training begins last. */
function duration(known: readonly Range[], unknown: Unknown, pace: Pace, slots: number): Range {
  const quick = [...known.map(({ low }) => low), ...pace.quickest(unknown.least, unknown.epochs)];
  const slow = [...known.map(({ high }) => high), ...pace.slowest(unknown.most, unknown.epochs)];
  return {
    low: Math.max(sum(quick) / slots, ...quick, 0),
    high: sum(slow) / slots + (1 - 1 / slots) * Math.max(...slow, 0),
  };
}

const sum = (times: readonly number[]): number => times.reduce((all, time) => all + time, 0);

/** What trainings have taken so far. */
class Pace {
  private readonly past: readonly Training[];
  private readonly trials: readonly number[];

  constructor(past: readonly Training[]) {
    this.past = past;
    this.trials = [...new Set(past.map(({ trial }) => trial))];
  }

  /** By the trial's own times, or else by all. */
  of(trial: number, epochs: number): Range {
    const own = this.past.filter((training) => training.trial === trial);
    const known = own.length === 0 ? this.past : own;
    const alike = known.filter((training) => training.epochs >= ALIKE * epochs);
    const { low, high } = alike.length === 0 ? FROM_SHORTER : FROM_ALIKE;
    const rates = (alike.length === 0 ? known : alike).map((training) => training.seconds / training.epochs);
    return { low: low * epochs * Math.min(...rates), high: high * epochs * Math.max(...rates) };
  }

  /** Times of `count` trainings at best. */
  quickest(count: number, epochs: number): number[] {
    const times = this.trials.map((trial) => this.of(trial, epochs).low).sort((a, b) => a - b);
    return likeFirstHalf(times, count);
  }

  /** Times of `count` trainings at worst. */
  slowest(count: number, epochs: number): number[] {
    const times = this.trials.map((trial) => this.of(trial, epochs).high).sort((a, b) => b - a);
    return likeFirstHalf(times, count);
  }
}

/** A single one may be like the first of `times`; of more the mean is no further out than that of the first half. */
function likeFirstHalf(times: readonly number[], count: number): number[] {
  const half = times.slice(0, Math.max(1, Math.min(count, Math.ceil(times.length / 2))));
  return Array.from({ length: count }, (_, i) => (i === 0 ? (half[0] ?? 0) : sum(half) / half.length));
}
