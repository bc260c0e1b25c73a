/** The values that a range stands for. */

import type { Expression, RangeExpression } from '../../../grammar/ast.ts';
import { tidy } from '../../operators/values.ts';

/** More values than a person can want in one choice. */
export const CHOICE_LIMIT = 4096;

/** The values of a range in ascending order; `undefined` when a bound is not known. */
export function rangeValues(
  expression: RangeExpression,
  evaluate: (bound: Expression) => number | undefined,
): readonly number[] | { broken: 'empty' | 'too-large'; detail: readonly number[] } | undefined {
  const low = evaluate(expression.low);
  const high = evaluate(expression.high);
  if (low === undefined || high === undefined) return undefined;
  if (expression.log !== undefined) {
    const count = evaluate(expression.log);
    if (count === undefined) return undefined;
    if (low > high || low <= 0 || count < 1) return { broken: 'empty', detail: [low, high] };
    if (count > CHOICE_LIMIT) return { broken: 'too-large', detail: [count] };
    const whole = Math.round(count);
    if (whole === 1) return [low];
    const ratio = Math.log(high / low) / (whole - 1);
    return Array.from({ length: whole }, (_, index) =>
      index === whole - 1 ? high : tidy(low * Math.exp(ratio * index)),
    );
  }
  const step = expression.step === undefined ? 1 : evaluate(expression.step);
  if (step === undefined) return undefined;
  if (low > high || step <= 0) return { broken: 'empty', detail: [low, high] };
  // Half a millionth of a step forgives the noise of binary fractions at the upper end.
  const count = Math.floor((high - low) / step + 5e-7) + 1;
  if (count > CHOICE_LIMIT) return { broken: 'too-large', detail: [count] };
  return Array.from({ length: count }, (_, index) => tidy(low + index * step));
}
