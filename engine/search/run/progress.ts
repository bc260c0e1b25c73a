/** Where a run stands, as it is told to a person while it goes on: in one form and in the same words everywhere. */

import { formatPercent } from '../../cost/index.ts';
import { counted } from '../../space/index.ts';
import { rangeLeftText } from '../duration.ts';
import { REDUCTION } from '../promotion.ts';
import type { SearchProgress } from '../types.ts';
import type { Unknown } from './time-left.ts';

/** Trainings in all stages, before it is known how many the front asks for at the end. */
export function expectedEvaluations(trials: number, epochs: readonly number[]): number {
  let size = trials;
  return epochs.reduce((sum, _, stage) => {
    if (stage > 0) size = Math.ceil(size / REDUCTION);
    return sum + size;
  }, 0);
}

/** `12 of 30 tried, training 3 of 5 in full, best 88.4 %, 2 to 4 min left` */
export function progressText(progress: Omit<SearchProgress, 'text'>): string {
  const { tried, trials, failed, training, best, secondsLeft } = progress;
  const parts = [trials === undefined ? `${tried} tried` : `${tried} of ${trials} tried`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (training !== undefined) {
    const { at, of, epochs, full } = training;
    parts.push(`training ${at} of ${of} ${full ? 'in full' : `for ${counted(epochs, 'epoch')}`}`);
  }
  if (best?.accuracy !== undefined) parts.push(`best ${formatPercent(best.accuracy)}`);
  if (secondsLeft !== undefined) parts.push(rangeLeftText(secondsLeft));
  return parts.join(', ');
}

export interface StageUnderWay {
  readonly stage: number;
  /** Epochs by stage. */
  readonly epochs: readonly number[];
  /** The last of `epochs` are for the front; see schedule.ts. */
  readonly retrain: boolean;
  /** Trials that the stage will have trained. */
  readonly size: { readonly least: number; readonly most: number };
  readonly front: {
    readonly size: number;
    /** Those that the stage leaves with less than full training. */
    readonly partly: number;
    /** Trials, on it or not, that the stage leaves so and that could be on it, since they keep every limit. */
    readonly candidates: number;
  };
}

/** The stages after the one under way, as far as they can be known: see schedule.ts for how they come about. */
export function stagesAhead({ stage, epochs, retrain, size, front }: StageUnderWay): Unknown[] {
  const full = epochs.at(-1) ?? 1;
  // A result may bring one more trial to the front than are on it now; more at a time are rare.
  const grown = (count: number): number => count + 1;
  let { least, most } = size;
  const planned = epochs.slice(stage + 1).map((trained, i): Unknown => {
    const isLast = stage + 1 + i === epochs.length - 1;
    [least, most] =
      retrain && isLast
        ? [Math.min(1, least), grown(front.size)]
        : [Math.ceil(least / REDUCTION), Math.ceil(most / REDUCTION)];
    return { least, most, epochs: trained };
  });
  if (epochs.length === 1) return planned;
  const already = planned.at(-1)?.least ?? 0;
  return [
    ...planned,
    { least: 0, most: Math.min(front.candidates, Math.max(0, grown(front.partly) - already)), epochs: full },
  ];
}
