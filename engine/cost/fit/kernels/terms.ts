/** Terms of forms, written as products of a common part and what follows it; and the conditions that rules share. */

import type { Condition } from '../../../../device-profiles/types.ts';

export const is = (quantity: string, equals: number): Condition => ({ quantity, equals });
export const int8 = is('elementBytes', 1);
export const float = is('float', 1);

/** By the part that terms have in common; `1` stands for itself alone, and after a common part for that part. */
export type TermTable = Readonly<Record<string, readonly string[]>>;

export const termsOf = (table: TermTable): readonly string[] =>
  Object.entries(table).flatMap(([common, rest]) =>
    rest.map((each) => (common === '1' ? each : each === '1' ? common : `${common}*${each}`)),
  );

/** `[q%4==1]`, `[q%4==2]`, `[q%4==3]`: what is left over after four costs what it likes. */
export const leftOf4 = (quantity: string): readonly string[] =>
  [1, 2, 3].map((left) => `[${quantity}%4==${left}]`);

/** Loops over sixteen values, over four, and over what is left. */
export const by16 = (quantity: string): readonly string[] => [
  `floor(${quantity}/16)`,
  `floor(${quantity}%16/4)`,
  `[${quantity}<16]`,
  ...leftOf4(quantity),
];
