/** Checks each kind of statement. */

import type * as ast from '../../../grammar/ast.ts';
import { rangeValues } from '../program/ranges.ts';
import type { Checker } from './checker.ts';
import { checkCondition, checkExpression } from './expressions.ts';
import { checkFollowers } from './followers.ts';
import { checkLayer, checkNamedTensor } from './layers.ts';
import { operators } from '../../operators/words.ts';
import type { NameScope } from './scope.ts';

export interface StatementContext {
  readonly scope: NameScope;
  /** Tensors named with `as` in the block or space. */
  readonly tensors: NameScope;
  readonly mayBeInput: boolean;
}

export function checkStatement(checker: Checker, statement: ast.Statement, context: StatementContext): void {
  const { scope, tensors } = context;
  switch (statement.kind) {
    case 'let':
      checkLet(checker, statement, scope);
      return;
    case 'operator':
      if (statement.name.name === 'input' && !context.mayBeInput) {
        checker.found('input/misplaced', {}, statement.name);
      }
      if (statement.name.name === 'input') checkInputModifiers(checker, statement);
      checkModifiers(checker, statement, scope);
      checkLayer(checker, statement, { scope, tensors, inCell: false });
      return;
    case 'operatorChoice': {
      checkModifiers(checker, statement, scope);
      if (statement.output !== undefined) checkExpression(checker, statement.output, scope);
      for (const option of statement.options) {
        checkLayer(checker, option, {
          scope,
          tensors,
          inCell: false,
          sharedOutput: statement.output !== undefined,
        });
      }
      for (const parameter of statement.parameters) {
        if (parameter.name.name === 'as' || parameter.name.name === 'from') {
          checkNamedTensor(checker, parameter, tensors);
        } else checkExpression(checker, parameter.value, scope);
      }
      // What follows the braces follows every option, and nothing follows several tensors.
      const several = statement.options.find(({ name }) => operators.get(name.name)?.makesTensors);
      checkFollowers(checker, several?.name.name, statement.followers, scope);
      return;
    }
    case 'skip':
      checkConditions(checker, statement.conditions, scope);
      checkFollowers(checker, statement.merge, statement.followers, scope);
      return;
    case 'choice':
    case 'branches':
      checkModifiers(checker, statement, scope);
      checkLabels(checker, statement.alternatives);
      for (const alternative of statement.alternatives) checker.nested(alternative.body, scope, tensors);
      if (statement.kind === 'branches') {
        checkFollowers(checker, statement.merge ?? 'add', statement.followers, scope);
      }
      return;
    case 'group':
      checkModifiers(checker, statement, scope);
      checker.nested(statement.body, scope, tensors);
      return;
    case 'require':
      checkCondition(checker, statement.condition, scope);
  }
}

/** There is one input, always. */
function checkInputModifiers(checker: Checker, statement: ast.OperatorStatement): void {
  const { repeat, optional, conditions } = statement;
  if (repeat !== undefined)
    checker.found(
      'operand/unexpected',
      { operator: 'input', what: 'repeat', cure: cureOf(statement) },
      repeat,
    );
  if (optional !== undefined)
    checker.found('operand/unexpected', { operator: 'input', what: '`?`' }, optional);
  const [condition] = conditions;
  if (condition !== undefined)
    checker.found('operand/unexpected', { operator: 'input', what: 'condition' }, condition);
}

/** `{48x48 | 64x64} x3` is most likely meant to give every size three channels. */
function cureOf({ operand, repeat }: ast.OperatorStatement): string | undefined {
  if (operand?.kind !== 'choiceExpression' || repeat?.count.kind !== 'number') return undefined;
  const channels = repeat.count.value;
  const sizes = operand.options.map((option) =>
    option.kind === 'dimensions' && option.values.length === 2 ? [...option.values, channels].join('x') : '',
  );
  return sizes.includes('') ? undefined : `Write the channels in every size: \`{${sizes.join(' | ')}}\`.`;
}

/** Two alternatives of one label could not be told apart in the name of an architecture. */
function checkLabels(checker: Checker, alternatives: readonly ast.Alternative[]): void {
  const seen = new Set<string>();
  for (const { label } of alternatives) {
    if (seen.has(label.name))
      checker.found('name/duplicate', { name: label.name, what: 'alternative' }, label);
    seen.add(label.name);
  }
}

function checkModifiers(checker: Checker, modifiers: ast.Modifiers, scope: NameScope): void {
  checkConditions(checker, modifiers.conditions, scope);
  if (modifiers.repeat !== undefined) checkExpression(checker, modifiers.repeat.count, scope);
}

function checkConditions(checker: Checker, conditions: readonly ast.Condition[], scope: NameScope): void {
  for (const condition of conditions) checkCondition(checker, condition.expression, scope);
}

function checkLet(checker: Checker, statement: ast.LetStatement, scope: NameScope): void {
  checkExpression(checker, statement.value, scope);
  const { name } = statement;
  if (name === undefined) return;
  checker.define(scope, name, statement.word, literalValues(statement.value), undefined);
}

/** The values of a choice or range of literals, in ascending order, for hovers. */
function literalValues(expression: ast.Expression): readonly (number | string)[] | undefined {
  if (expression.kind === 'number') return [expression.value];
  if (expression.kind === 'dimensions') return [expression.values.join('x')];
  if (expression.kind === 'choiceExpression') {
    const known: (number | string)[] = [];
    for (const option of expression.options) {
      const values = literalValues(option);
      if (values === undefined) return undefined;
      known.push(...values);
    }
    return known.sort((left, right) =>
      typeof left === 'number' && typeof right === 'number' ? left - right : 0,
    );
  }
  if (expression.kind !== 'range') return undefined;
  const values = rangeValues(expression, (bound) => (bound.kind === 'number' ? bound.value : undefined));
  return values === undefined || 'broken' in values ? undefined : values;
}
