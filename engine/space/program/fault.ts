/**
 * Where an expression has no value: a division by zero, the logarithm of a negative number. What it would decide is
 * not decided, so the architecture in which it comes up is none, and the place is named instead of taking the condition
 * around it for false.
 */

import type { Expression } from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import type { Finding } from '../problems/problem.ts';
import type { Registers } from './slots.ts';

export interface Fault {
  readonly file: string;
  readonly expression: Expression;
  /** As it is written. */
  readonly text: string;
  readonly reason: 'division' | 'function';
}

/** The first place that has no value, in the order of reading; `and` and `or` read no further than they need. */
export type FindFault = (registers: Registers) => Fault | undefined;

/** Most expressions cannot fail, which is known by there being no function. */
export function anyFault(parts: readonly { readonly fault: FindFault | undefined }[]): FindFault | undefined {
  const found = parts.flatMap(({ fault }) => fault ?? []);
  const [only, second] = found;
  if (second === undefined) return only;
  return (registers) => {
    for (const fault of found) {
      const first = fault(registers);
      if (first !== undefined) return first;
    }
    return undefined;
  };
}

/** `second` counts only where `isRead` says so. */
export function faultUnless(
  first: FindFault | undefined,
  second: FindFault | undefined,
  isRead: (registers: Registers) => boolean,
): FindFault | undefined {
  if (second === undefined) return first;
  return (registers) => first?.(registers) ?? (isRead(registers) ? second(registers) : undefined);
}

export function faultFound({ text, reason }: Fault): Finding {
  return finding('value/undefined', { text, reason });
}
