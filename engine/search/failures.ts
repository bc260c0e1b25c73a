/** Why trials failed, for a person: the commonest reason first. */

import { counted } from '../space/index.ts';
import type { TrialRecord } from './types.ts';

interface FailureReason {
  /** The message of the first trial that failed so. */
  readonly text: string;
  readonly trials: number;
}

/** Messages that differ in numbers alone, such as sizes of tensors, are one reason. */
function failureReasons(trials: readonly TrialRecord[]): FailureReason[] {
  const reasons = new Map<string, FailureReason>();
  for (const { status, error } of trials) {
    if (status !== 'failed') continue;
    const text = error ?? 'No reason was given.';
    const kind = text.replace(/\d+(\.\d+)?/g, '#');
    const known = reasons.get(kind);
    reasons.set(kind, { text: known?.text ?? text, trials: (known?.trials ?? 0) + 1 });
  }
  return [...reasons.values()].sort((a, b) => b.trials - a.trials);
}

/** `3 of 12 trials failed, because: MESSAGE` with the commonest message; empty when none failed. */
export function failuresText(trials: readonly TrialRecord[]): string {
  const reasons = failureReasons(trials);
  const [first, ...others] = reasons;
  if (first === undefined) return '';
  const failed = reasons.reduce((sum, reason) => sum + reason.trials, 0);
  const which =
    failed === trials.length
      ? failed === 1
        ? 'The only trial'
        : `Every one of the ${failed} trials`
      : `${failed} of ${counted(trials.length, 'trial')}`;
  const why = others.length === 0 ? 'because' : `most often (${counted(first.trials, 'time')}) because`;
  return `${which} failed, ${why}: ${first.text}`;
}
