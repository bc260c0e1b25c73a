/**
 * Results as version 0.1 journaled them: one accuracy of whichever split had been looked at last. Read at the door, so
 * that nothing behind it knows of the older form.
 */

import type { SplitAccuracy, TrialRecord, TrialResult } from '../types.ts';

interface OlderResult {
  /** int8, on the test split if `tested`, else on the validation split. */
  readonly accuracy: number;
  readonly tested: boolean;
  /** int8 */
  readonly validationAccuracy: number;
  /** On the split of `accuracy`. */
  readonly floatAccuracy: number | null;
  readonly epochs: number;
  readonly seconds: number;
}

/**
 * The record in the form of this version, whichever wrote it. Sizes of splits were not recorded: they stay unknown. JSON
 * has null for what was no number.
 */
export function currentRecord(record: TrialRecord): TrialRecord {
  return record.result === undefined ? record : { ...record, result: currentResult(record.result) };
}

function currentResult(result: TrialResult | OlderResult): TrialResult {
  if (!('tested' in result)) {
    const { validation, test } = result;
    return { ...result, validation: numbersOf(validation), test: test && numbersOf(test) };
  }
  const { accuracy, tested, validationAccuracy, floatAccuracy, epochs, seconds } = result;
  const on = (int8: number, float: number | null | undefined): SplitAccuracy => ({
    int8,
    float: float ?? undefined,
    samples: undefined,
  });
  return {
    validation: on(validationAccuracy, tested ? undefined : floatAccuracy),
    test: tested ? on(accuracy, floatAccuracy) : undefined,
    epochs,
    seconds,
  };
}

function numbersOf(accuracy: SplitAccuracy): SplitAccuracy {
  return { ...accuracy, float: accuracy.float ?? undefined };
}
