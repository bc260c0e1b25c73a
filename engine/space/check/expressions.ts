/** Checks an expression for names, functions, units and empty choices. */

import type { CallExpression, Expression, NumberExpression } from '../../../grammar/ast.ts';
import { functions } from '../functions.ts';
import { valueWords } from '../../operators/words.ts';
import { symbols } from '../symbols.ts';
import { nearest } from '../suggest.ts';
import { units } from '../units.ts';
import type { Checker } from './checker.ts';
import { functionInfos, symbolInfos } from './known-symbols.ts';
import type { NameScope } from './scope.ts';

export function checkExpression(checker: Checker, expression: Expression, scope: NameScope): void {
  switch (expression.kind) {
    case 'name':
      checkName(checker, expression, expression.name, scope);
      return;
    case 'number':
      checkNoUnit(checker, expression);
      return;
    case 'unary':
      checkExpression(checker, expression.operand, scope);
      return;
    case 'binary':
      checkExpression(checker, expression.left, scope);
      checkExpression(checker, expression.right, scope);
      return;
    case 'conditional':
      checkExpression(checker, expression.value, scope);
      checkCondition(checker, expression.condition, scope);
      checkExpression(checker, expression.otherwise, scope);
      return;
    case 'call':
      checkCall(checker, expression, scope);
      return;
    case 'choiceExpression': {
      const seen = new Set<string>();
      for (const option of expression.options) {
        checkExpression(checker, option, scope);
        if (option.kind !== 'number' && option.kind !== 'dimensions') continue;
        const text = option.kind === 'number' ? String(option.value) : option.values.join('x');
        if (seen.has(text)) checker.found('choice/duplicate', { option: text }, option);
        seen.add(text);
      }
      return;
    }
    case 'range':
      for (const part of [expression.low, expression.high, expression.step, expression.log]) {
        if (part !== undefined) checkExpression(checker, part, scope);
      }
      return;
    default:
      return;
  }
}

/** The expression behind `when`, `unless` or `require`. */
export function checkCondition(checker: Checker, expression: Expression, scope: NameScope): void {
  checkExpression(checker, expression, scope);
  checkDecides(checker, expression, scope);
}

function checkName(checker: Checker, at: Expression, name: string, scope: NameScope): void {
  const definition = scope.find(name);
  if (definition !== undefined) {
    definition.uses++;
    checker.references.add(at, definition.symbol, 'read');
    return;
  }
  const symbol = symbolInfos.get(name);
  if (symbol !== undefined) {
    checker.references.add(at, symbol, 'read');
    if (name === 'classes') checker.usesClasses(at);
    return;
  }
  if (valueWords.has(name)) return;
  const block = checker.symbolOfUse(name);
  if (block !== undefined || functionInfos.has(name)) {
    checker.found('name/not-a-value', { name, what: block?.kind ?? 'function' }, at);
    return;
  }
  const parts = name.split('-');
  if (parts.length > 1 && parts.every((part) => scope.find(part) !== undefined || symbols.has(part))) {
    checker.found('name/hyphen', { name, spaced: parts.join(' - ') }, at);
    return;
  }
  const suggestion = checker.suggestions.nearest(name, scope.visible(), symbols.keys());
  checker.found('name/unknown', { name, what: 'value', suggestion }, at);
}

function checkNoUnit(checker: Checker, expression: NumberExpression): void {
  const { unit } = expression;
  if (unit === undefined) return;
  if (units[unit.name] === undefined) {
    checker.found(
      'unit/unknown',
      { unit: unit.name, suggestion: nearest(unit.name, Object.keys(units)) },
      unit,
    );
    return;
  }
  const found = `${expression.value} ${unit.name}`;
  checker.found('unit/wrong', { what: 'value', expected: 'a plain number', found }, expression);
}

function checkCall(checker: Checker, expression: CallExpression, scope: NameScope): void {
  for (const argument of expression.arguments) checkExpression(checker, argument.value, scope);
  const { name } = expression.callee;
  const info = functions.get(name);
  const symbol = functionInfos.get(name);
  if (info === undefined || symbol === undefined) {
    const suggestion = checker.suggestions.nearest(name, functions.keys());
    checker.found('name/unknown', { name, what: 'function', suggestion }, expression.callee);
    return;
  }
  checker.references.add(expression.callee, symbol, 'read');
  const given = expression.arguments.length;
  const missing = info.parameters[given];
  if (missing !== undefined && !(info.variadic && given > 0)) {
    checker.found('argument/missing', { block: name, parameter: missing }, expression.callee);
  } else if (given > info.parameters.length && !info.variadic) {
    const most = info.parameters.length;
    const extra = expression.arguments[most]?.value ?? expression;
    checker.found('argument/too-many', { block: name, most, parameters: info.parameters.join(', ') }, extra);
  }
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** That an expression can be true or false. */
function checkDecides(checker: Checker, expression: Expression, scope: NameScope): void {
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
