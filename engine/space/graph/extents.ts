/** Sets of whole numbers, such as the channels that a tensor can have: listed, or everything between two of them. */

import { onceFor } from '../once.ts';

/** More are known by their ends alone. */
const MOST_LISTED = 4096;

export interface Extents {
  readonly low: number;
  readonly high: number;
  /** In ascending order; `undefined` when the set is known by its ends. */
  readonly values: readonly number[] | undefined;
}

/** `undefined` for no number at all. */
export function extentsOf(numbers: Iterable<number>): Extents | undefined {
  const values = [...new Set(numbers)].sort((left, right) => left - right);
  const [low] = values;
  const high = values.at(-1);
  if (low === undefined || high === undefined) return undefined;
  return { low, high, values: values.length > MOST_LISTED ? undefined : values };
}

export function one(value: number): Extents {
  return { low: value, high: value, values: [value] };
}

export function union(left: Extents, right: Extents): Extents {
  if (left === right) return left;
  const low = Math.min(left.low, right.low);
  const high = Math.max(left.high, right.high);
  if (left.values === undefined || right.values === undefined) return { low, high, values: undefined };
  return extentsOf([...left.values, ...right.values]) ?? left;
}

export function intersection(left: Extents, right: Extents): Extents | undefined {
  const [listed, other] = left.values === undefined ? [right, left] : [left, right];
  if (listed.values !== undefined) {
    const known = other.values === undefined ? undefined : new Set(other.values);
    const isIn = (value: number): boolean =>
      known === undefined ? value >= other.low && value <= other.high : known.has(value);
    return extentsOf(listed.values.filter(isIn));
  }
  const low = Math.max(left.low, right.low);
  const high = Math.min(left.high, right.high);
  return low > high ? undefined : { low, high, values: undefined };
}

/** Every `apply` of one of each; `apply` grows with both. */
export function combined(
  left: Extents,
  right: Extents,
  apply: (left: number, right: number) => number,
): Extents {
  const [first, second] = [left.values, right.values];
  if (first !== undefined && second !== undefined && first.length * second.length <= MOST_LISTED) {
    const all = extentsOf(first.flatMap((a) => second.map((b) => apply(a, b))));
    if (all !== undefined) return all;
  }
  return { low: apply(left.low, right.low), high: apply(left.high, right.high), values: undefined };
}

/** The greatest number that divides all of the set. */
export const stepOf = onceFor(({ values }: Extents) => Math.max(1, values?.reduce(greatestDivisor, 0) ?? 1));

function greatestDivisor(left: number, right: number): number {
  let [divisor, rest] = [left, right];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}
