/** A profile's rules over everything that a hull encloses: which may hold, and which of them may be the first that does. */

import type { Condition } from '../../device-profiles/types.ts';
import type { OpKind } from '../space/network.ts';
import type { Hull } from './form.ts';
import type { Range } from './format.ts';
import type { QuantityName } from './quantities.ts';
import { firstNamed } from './rule-names.ts';

/** Whether a condition holds for everything in the hull; `undefined` when it may and may not. */
function holdsIn(
  { quantity, equals, atMost, atLeast, multipleOf }: Condition,
  hull: Hull,
): boolean | undefined {
  // Names were checked when the profile was loaded.
  const [low, high] = [hull.low[quantity as QuantityName], hull.high[quantity as QuantityName]];
  const between = (all: boolean, none: boolean): boolean | undefined =>
    all ? true : none ? false : undefined;
  if (equals !== undefined) return between(low === equals && high === equals, equals < low || equals > high);
  if (atMost !== undefined) return between(high <= atMost, low > atMost);
  if (atLeast !== undefined) return between(low >= atLeast, high < atLeast);
  if (multipleOf !== undefined) return low === high ? low % multipleOf === 0 : undefined;
  return true;
}

export function allHoldIn(conditions: readonly Condition[] | undefined, hull: Hull): boolean | undefined {
  let sure = true;
  for (const condition of conditions ?? []) {
    const holds = holdsIn(condition, hull);
    if (holds === false) return false;
    sure &&= holds === true;
  }
  return sure ? true : undefined;
}

/** The rules of which one may be the first that holds; whether it may be that none does. */
export function firstIn<T>(
  rules: readonly T[],
  conditionsOf: (rule: T) => readonly Condition[] | undefined,
  hull: Hull,
): { readonly possible: readonly T[]; readonly mayBeNone: boolean } {
  const possible: T[] = [];
  for (const rule of rules) {
    const holds = allHoldIn(conditionsOf(rule), hull);
    if (holds === false) continue;
    possible.push(rule);
    if (holds === true) return { possible, mayBeNone: false };
  }
  return { possible, mayBeNone: true };
}

export const nothing: Range = { low: 0, high: 0 };

export function cover(ranges: readonly Range[]): Range {
  const [first = nothing, ...rest] = ranges;
  return rest.reduce(
    (all, each) => ({ low: Math.min(all.low, each.low), high: Math.max(all.high, each.high) }),
    first,
  );
}

/** Those that speak of the operator by the first of its names that any of them has. */
export function rulesFor<R extends { readonly operators: readonly string[] }>(
  rules: readonly R[],
  kind: OpKind,
): readonly R[] {
  const found = firstNamed({ kind }, (name) => {
    const own = rules.filter(({ operators }) => operators.includes(name));
    return own.length === 0 ? undefined : own;
  });
  return found ?? [];
}
