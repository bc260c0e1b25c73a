/** What can be wrong with values: their type, unit, range, and the choices that they come from. */

import { didYouMean, error, replaceBy, replaceBySuggestion, type Suggested, warning } from './problem.ts';

export const valueProblems = {
  /** A value of the wrong kind, such as a word where a number is needed. */
  'value/type': error(
    (a: { what: string; expected: string; found: string }) =>
      `The ${a.what} must be ${a.expected}, and this is ${a.found}. Change the value.`,
  ),
  /** A division by zero, or a function of what it is not defined for. */
  'value/undefined': error(
    (a: { text: string; reason: 'division' | 'function' }) =>
      `\`${a.text}\` ${a.reason === 'division' ? 'divides by zero' : 'has no value'}. Leave out the options that lead to it, or ask for them first, as in \`b > 0 and a / b > 1\`.`,
  ),
  /** A number outside what makes sense, such as zero channels. */
  'value/range': error(
    (a: { what: string; expected: string; found: string }) =>
      `The ${a.what} must be ${a.expected}, and it comes to ${a.found}. Change the expression or the choices that feed it.`,
  ),
  /** A bound of a range that depends on a choice or a shape, or of a repeat that depends on a shape. */
  'value/not-constant': error((a: { what: string; orDrawn?: boolean }) =>
    a.orDrawn === true
      ? `The ${a.what} must not depend on a shape or on too many choices, since it decides how many choices there are. Use a number, or a tie or let of a few.`
      : `The ${a.what} must be a fixed number, since it decides how many choices there are. Use a number, or a parameter that is given a number.`,
  ),
  /** A number of repetitions, or a bound of it, that is negative, broken or no number. */
  'repeat/count': error(
    (a: { found: string; instead: string | undefined }) =>
      `Repetitions are a whole number, 0 or more, and this comes to ${a.found}. Write such a number, or round the value with \`round(...)\`.`,
    ({ instead }, span) => replaceBy(instead, span),
  ),
  /** A unit that does not exist. */
  'unit/unknown': error(
    (a: { unit: string } & Suggested) =>
      `There is no unit \`${a.unit}\`.${didYouMean(a)} Known are B KB MB, ns us ms s min h, Hz kHz MHz GHz, uJ mJ J, uW mW W, % and epochs.`,
    replaceBySuggestion,
  ),
  /** A quantity with a unit of the wrong kind, or without one. */
  'unit/wrong': error(
    (a: { what: string; expected: string; found: string }) =>
      `The ${a.what} must be ${a.expected}, and this is ${a.found}. Change the unit.`,
  ),
  /** The same option twice in one choice. */
  'choice/duplicate': warning(
    (a: { option: string }) =>
      `The option \`${a.option}\` is written twice, so architectures that are the same count as different. Remove one.`,
  ),
  /** A range that holds no value. */
  'range/empty': error(
    (a: { low: string; high: string }) =>
      `The range from ${a.low} to ${a.high} is empty. Write the lower end first and a step greater than zero.`,
  ),
  /** A range or repeat with too many values. */
  'range/too-large': error(
    (a: { what: string; count: number; limit: number }) =>
      `This ${a.what} has ${a.count} values; at most ${a.limit} are possible. Use a greater step or smaller bounds.`,
  ),
};
