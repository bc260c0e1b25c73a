/** Which names expressions read, and which a scope has. */

import type { Expression } from '../../../grammar/ast.ts';
import type { Scope } from './compile.ts';

/** Whether a scope, or one around it, gives a name a meaning. */
export function scopeHas(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** Whether an expression reads a name. */
export function mentions(expression: Expression, name: string): boolean {
  switch (expression.kind) {
    case 'name':
      return expression.name === name;
    case 'unary':
      return mentions(expression.operand, name);
    case 'binary':
      return mentions(expression.left, name) || mentions(expression.right, name);
    case 'call':
      return expression.arguments.some((argument) => mentions(argument.value, name));
    case 'choiceExpression':
      return expression.options.some((option) => mentions(option, name));
    case 'conditional':
      return [expression.value, expression.condition, expression.otherwise].some((part) =>
        mentions(part, name),
      );
    case 'range':
      return mentions(expression.low, name) || mentions(expression.high, name);
    default:
      return false;
  }
}
