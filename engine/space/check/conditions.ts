/** Checks that what decides is true or false, as far as it shows without knowing any value. */

import type { Expression } from '../../../grammar/ast.ts';
import type { Checker } from './checker.ts';
import { symbols } from '../symbols.ts';
import type { NameScope } from './scope.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** That an expression can be true or false. */
export function checkDecides(checker: Checker, expression: Expression, scope: NameScope): void {
  switch (expression.kind) {
    case 'binary':
      if (comparisons.has(expression.operator)) return;
      if (expression.operator !== 'and' && expression.operator !== 'or') break;
      checkDecides(checker, expression.left, scope);
      checkDecides(checker, expression.right, scope);
      return;
    case 'unary':
      if (expression.operator !== 'not') break;
      checkDecides(checker, expression.operand, scope);
      return;
    case 'choiceExpression':
      for (const option of expression.options) checkDecides(checker, option, scope);
      return;
    case 'conditional':
      checkDecides(checker, expression.value, scope);
      checkDecides(checker, expression.otherwise, scope);
      return;
    case 'name':
      if (!isNumber(expression.name, scope)) return;
      break;
    case 'missing':
      return;
    default:
  }
  const found = {
    what: 'condition',
    expected: 'true or false, such as `stride == 1`',
    found: kindOf(expression),
  };
  checker.found('value/type', found, expression);
}

/** A name can stand for a condition, unless it is known to stand for numbers only. */
function isNumber(name: string, scope: NameScope): boolean {
  const found = scope.find(name);
  if (found === undefined) return symbols.has(name);
  const { values } = found.symbol;
  return values !== undefined && values.length > 0 && values.every((value) => typeof value === 'number');
}

function kindOf(expression: Expression): string {
  if (expression.kind === 'dimensions') return 'dimensions';
  if (expression.kind === 'string') return 'a text';
  return 'a number';
}
