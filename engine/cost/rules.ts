/**
 * Conditions of profile data as predicates over {@link Quantities}; sums of terms are in `form.ts`. Names checked
 * when the profile was loaded; an unknown one here is a fault of the caller and throws.
 */

import type { Condition } from '../../device-profiles/types.ts';
import type { Quantities } from './quantities.ts';
import { isQuantityName, type QuantityName } from './quantities.ts';

export type Predicate = (quantities: Quantities) => boolean;

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

/** Replaces `{quantity}` in a message by its value. */
export function fillMessage(template: string, quantities: Quantities): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    isQuantityName(name) ? String(quantities[name]) : whole,
  );
}
