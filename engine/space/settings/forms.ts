/** What may stand behind the name of a setting, as data: what is read must be what is written, or an error. */

import type { Dimension } from '../units.ts';

/** A number and its limits. */
export interface NumberForm {
  readonly dimensions: readonly Dimension[];
  readonly whole: boolean;
  readonly least: number;
  /** `least` itself is too little. */
  readonly above?: true;
  /** It must be less than this. */
  readonly below?: number;
  /** What it must be, for messages. */
  readonly expected: string;
}

/** A number in a phrase, behind its word where it has one: `every 2 s`. */
export interface PhrasePart {
  readonly word?: string;
  readonly number: NumberForm;
}

export interface SettingForm {
  /** A value as it may be written, for messages and completion. */
  readonly example: string;
  /** A sentence, for hovers, completion and the reference. */
  readonly documentation: string;
  /** What holds where nothing is written: the value, or words for it. */
  readonly byDefault?: number | string;
  /** What its value measures, where `number` does not say so. */
  readonly dimension?: Dimension;
  /** Put behind a name without a value: there is nothing else that a person is likely to mean. */
  readonly usual?: string;
  /** Checked as a number in the base unit of its dimension. */
  readonly number?: NumberForm;
  /** Checked as numbers with words between them: `230 mAh at 3 V`. */
  readonly phrase?: readonly PhrasePart[];
  /** Checked as one of these words. */
  readonly words?: readonly string[];
  /** Checked as a string, a word or a whole number. */
  readonly text?: true;
  /** It holds settings of its own, in braces. */
  readonly nested?: true;
  /** Those of them that something reads. */
  readonly inside?: SettingForms;
}

export type SettingForms = Readonly<Record<string, SettingForm>>;

export function wholeFrom(least: number, dimensions: readonly Dimension[] = ['none']): NumberForm {
  return { dimensions, whole: true, least, expected: `a whole number of at least ${least}` };
}

export function aboveZero(...dimensions: readonly Dimension[]): NumberForm {
  return { dimensions, whole: false, least: 0, above: true, expected: 'greater than zero' };
}

export function atLeast(least: number, ...dimensions: readonly Dimension[]): NumberForm {
  return { dimensions, whole: false, least, expected: `at least ${least}` };
}

export function fits(value: number, { whole, least, above, below }: NumberForm): boolean {
  if (whole && !Number.isInteger(value)) return false;
  if (above === true ? !(value > least) : !(value >= least)) return false;
  return below === undefined || value < below;
}
