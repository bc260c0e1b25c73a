/**
 * Profile data as functions: conditions become predicates and terms become sums over {@link Quantities}. Names
 * were checked when the profile was loaded; an unknown one here is a fault of the caller and throws.
 */

import type { Condition, Terms } from '../../device-profiles/types.ts';
import type { Quantities } from './quantities.ts';
import { isQuantityName, type QuantityName } from './quantities.ts';

export type Predicate = (quantities: Quantities) => boolean;
export type Sum = (quantities: Quantities) => number;

function quantity(name: string): QuantityName {
  if (!isQuantityName(name)) throw new Error(`Unknown quantity "${name}" in a profile.`);
  return name;
}

function compileOne(condition: Condition): Predicate {
  const name = quantity(condition.quantity);
  const { equals, atMost, atLeast, multipleOf } = condition;
  if (equals !== undefined) return (q) => q[name] === equals;
  if (atMost !== undefined) return (q) => q[name] <= atMost;
  if (atLeast !== undefined) return (q) => q[name] >= atLeast;
  if (multipleOf !== undefined) return (q) => q[name] % multipleOf === 0;
  return () => true;
}

/** Holds when every condition holds; always, when there are none. */
export function compileConditions(conditions: readonly Condition[] | undefined): Predicate {
  if (conditions === undefined || conditions.length === 0) return () => true;
  const all = conditions.map(compileOne);
  return (q) => all.every((holds) => holds(q));
}

/** `sum of factor * quantity`. */
export function compileTerms(terms: Terms): Sum {
  const factors = Object.entries(terms).map(([name, factor]) => ({ name: quantity(name), factor }));
  return (q) => {
    let sum = 0;
    for (const { name, factor } of factors) sum += factor * q[name];
    return sum;
  };
}

/** Replaces `{quantity}` in a message by its value. */
export function fillMessage(template: string, quantities: Quantities): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    isQuantityName(name) ? String(quantities[name]) : whole,
  );
}
