/**
 * How tightly an operator binds; all associate to the left. The parser groups by it and the printer sets
 * parentheses by it, so that what is printed parses to the same tree.
 */
export const precedence: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  step: 5,
  log: 5,
  '..': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  negate: 9,
};
