/** Between which numbers the value of an expression lies, where too many values meet to look at each (Moore 1966). */

import type { BinaryExpression } from '../../../grammar/ast.ts';
import { functions } from '../functions.ts';
import type { Slot } from './slots.ts';

export interface Hull {
  readonly low: number;
  readonly high: number;
}

/** What a slot holds: of a tensor the extent that the symbol names, of a choice the numbers of its options, from 1. */
export type HullOfSlot = (slot: Slot, symbol: string | undefined) => Hull | undefined;

/** `undefined` where nothing can be said. */
export type FindHull = (of: HullOfSlot) => Hull | undefined;

type Part = { readonly hull?: FindHull | undefined };

export function hullOfValue(value: unknown): FindHull | undefined {
  return typeof value === 'number' ? () => ({ low: value, high: value }) : undefined;
}

export function hullOfNegative({ hull }: Part): FindHull | undefined {
  return (of) => {
    const found = hull?.(of);
    return found && { low: -found.high, high: -found.low };
  };
}

export function hullOfBinary(
  operator: BinaryExpression['operator'],
  left: Part,
  right: Part,
): FindHull | undefined {
  return (of) => {
    const [a, b] = [left.hull?.(of), right.hull?.(of)];
    if (a === undefined || b === undefined) return undefined;
    switch (operator) {
      case '+':
        return { low: a.low + b.low, high: a.high + b.high };
      case '-':
        return { low: a.low - b.high, high: a.high - b.low };
      case '*':
        return around([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
      case '/':
        return b.low <= 0 && b.high >= 0
          ? undefined
          : around([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]);
      case '%':
        return a.low >= 0 && b.low > 0 ? { low: 0, high: Math.min(a.high, b.high) } : undefined;
      default:
        return undefined;
    }
  };
}

/** Functions that grow with every argument. */
const growing: ReadonlySet<string> = new Set(['round8', 'round', 'floor', 'ceil', 'min', 'max', 'log']);

export function hullOfCall(name: string, parts: readonly Part[]): FindHull | undefined {
  const apply = functions.get(name)?.apply;
  if (apply === undefined || !growing.has(name)) return undefined;
  return (of) => {
    const hulls: Hull[] = [];
    for (const { hull } of parts) {
      const found = hull?.(of);
      if (found === undefined) return undefined;
      hulls.push(found);
    }
    const ends = [apply(...hulls.map(({ low }) => low)), apply(...hulls.map(({ high }) => high))];
    const numbers = ends.filter((end) => typeof end === 'number' && Number.isFinite(end));
    return numbers.length === 2 ? around(numbers as number[]) : undefined;
  };
}

/** Of the options that a choice may have. */
export function hullOfOptions(slot: Slot, options: readonly Part[]): FindHull {
  return (of) => {
    const chosen = of(slot, undefined);
    if (chosen === undefined) return undefined;
    let all: Hull | undefined;
    for (let option = chosen.low; option <= chosen.high; option++) {
      const found = options[option - 1]?.hull?.(of);
      if (found === undefined) return undefined;
      all = all === undefined ? found : around([all.low, all.high, found.low, found.high]);
    }
    return all;
  };
}

/** Of one of two values. */
export function hullOfEither(left: Part, right: Part): FindHull | undefined {
  return (of) => {
    const [a, b] = [left.hull?.(of), right.hull?.(of)];
    return a && b && around([a.low, a.high, b.low, b.high]);
  };
}

export function hullOfSlot(slot: Slot, symbol?: string): FindHull {
  return (of) => of(slot, symbol);
}

function around(numbers: readonly number[]): Hull {
  return { low: Math.min(...numbers), high: Math.max(...numbers) };
}
