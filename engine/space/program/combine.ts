/** What the operators of expressions do to values; `undefined` where they are not defined. */

import type { BinaryExpression } from '../../../grammar/ast.ts';
import { equalValues, tidy, type Value } from '../../operators/values.ts';

type Combine = (left: Value, right: Value) => Value;

function arithmetic(apply: (left: number, right: number) => Value): Combine {
  return (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? apply(left, right) : undefined;
}

export const combine: Readonly<Record<BinaryExpression['operator'], Combine>> = {
  or: (left, right) => (typeof left === 'boolean' && typeof right === 'boolean' ? left || right : undefined),
  and: (left, right) => (typeof left === 'boolean' && typeof right === 'boolean' ? left && right : undefined),
  '==': equalValues,
  '!=': (left, right) => {
    const equal = equalValues(left, right);
    return equal === undefined ? undefined : !equal;
  },
  '<': arithmetic((left, right) => left < right),
  '<=': arithmetic((left, right) => left <= right),
  '>': arithmetic((left, right) => left > right),
  '>=': arithmetic((left, right) => left >= right),
  '+': arithmetic((left, right) => tidy(left + right)),
  '-': arithmetic((left, right) => tidy(left - right)),
  '*': arithmetic((left, right) => tidy(left * right)),
  '/': arithmetic((left, right) => (right === 0 ? undefined : tidy(left / right))),
  '%': arithmetic((left, right) => (right === 0 ? undefined : tidy(left % right))),
};
