/** Checks a layer or the use of a block against the operator catalogue or the block's parameters. */

import type * as ast from '../../../grammar/ast.ts';
import { commonParameters, operators } from '../../operators/words.ts';
import type { OperatorInfo } from '../../operators/word.ts';
import type { Checker } from './checker.ts';
import { checkExpression } from './expressions.ts';
import { checkFollowers } from './followers.ts';
import { operatorInfos } from './known-symbols.ts';
import type { NameScope } from './scope.ts';

export interface LayerContext {
  readonly scope: NameScope;
  readonly tensors: NameScope;
  /** On the edge of a cell, where the cell says how many channels there are. */
  readonly inCell: boolean;
  /** `->` is written after the braces for all options. */
  readonly sharedOutput?: boolean;
}

export function checkLayer(checker: Checker, statement: ast.OperatorStatement, context: LayerContext): void {
  const { name } = statement.name;
  const info = operators.get(name);
  const operator = operatorInfos.get(name);
  if (info !== undefined && operator !== undefined) {
    checker.references.add(statement.name, operator, 'read');
    checkOperator(checker, statement, info, context);
    return;
  }
  const used = checker.symbolOfUse(name);
  if (used === undefined) {
    const suggestion = checker.suggestions.nearest(
      name,
      operators.keys(),
      checker.file.blocks.keys(),
      checker.file.cells.keys(),
    );
    if (!checker.file.lost.has(name)) {
      checker.found('name/unknown', { name, what: 'layer or block', suggestion }, statement.name);
    }
    for (const argument of statement.arguments ?? []) checkExpression(checker, argument.value, context.scope);
    return;
  }
  checker.references.add(statement.name, used, 'read');
  const declaration = checker.file.blocks.get(name)?.declaration ?? checker.file.cells.get(name)?.declaration;
  for (const argument of statement.arguments ?? []) checkExpression(checker, argument.value, context.scope);
  checkArguments(checker, statement, declaration?.parameters ?? []);
  if (statement.operand !== undefined) {
    unexpected(checker, name, 'value without parentheses', statement.operand);
  }
  if (statement.output !== undefined) {
    unexpected(checker, name, 'output after `->`', statement.output);
  }
  for (const parameter of statement.parameters) {
    if (isTensorParameter(parameter)) checkNamedTensor(checker, parameter, context.tensors);
    else unknownParameter(checker, parameter, name, []);
  }
  const [follower] = statement.followers;
  if (follower !== undefined) {
    checker.found(
      'follower/unknown',
      {
        operator: name,
        name: follower.kind === 'follower' ? follower.name.name : 'a choice',
        known: 'nothing',
        suggestion: undefined,
      },
      follower.kind === 'follower' ? follower.name : follower,
    );
  }
}

function checkArguments(
  checker: Checker,
  statement: ast.OperatorStatement,
  parameters: readonly ast.Parameter[],
): void {
  const block = statement.name.name;
  const names = parameters.map((parameter) => parameter.name.name);
  const given = new Set<string>();
  const listed = names.length === 0 ? 'no parameters' : names.join(', ');
  let position = 0;
  for (const argument of statement.arguments ?? []) {
    const name = argument.name?.name ?? names[position++];
    if (name === undefined) {
      checker.found('argument/too-many', { block, most: names.length, parameters: listed }, argument);
    } else if (!names.includes(name)) {
      const details = {
        block,
        argument: name,
        parameters: listed,
        suggestion: checker.suggestions.nearest(name, names),
      };
      checker.found('argument/unknown', details, argument.name ?? argument);
    } else if (given.has(name)) {
      checker.found('argument/duplicate', { block, argument: name }, argument);
    } else given.add(name);
  }
  for (const parameter of parameters) {
    const name = parameter.name.name;
    if (parameter.default === undefined && !given.has(name)) {
      checker.found('argument/missing', { block, parameter: name }, statement.name);
    }
  }
}

function checkOperator(
  checker: Checker,
  statement: ast.OperatorStatement,
  info: OperatorInfo,
  context: LayerContext,
): void {
  const { scope, tensors } = context;
  const operator = info.name;
  reportLater(checker, statement, info);
  if (statement.operand !== undefined) {
    checkExpression(checker, statement.operand, scope);
    if (info.operand === undefined) {
      unexpected(checker, operator, 'value after its name', statement.operand);
    }
  } else if (info.operand !== undefined && info.operand.default === undefined && !info.later) {
    missing(checker, statement, info, info.operand.name);
  }
  if (statement.output !== undefined) {
    checkExpression(checker, statement.output, scope);
    if (info.output === undefined) {
      unexpected(checker, operator, 'output after `->`', statement.output);
    }
  } else if (
    info.output !== undefined &&
    info.output.default === undefined &&
    context.sharedOutput !== true &&
    !context.inCell &&
    !info.later
  ) {
    missing(checker, statement, info, `${info.output.name} after \`->\``);
  }
  checkTensorArguments(checker, statement, info, context);
  const seen = new Set<string>();
  // `from` is read before `as` writes, whatever the order in the text.
  for (const parameter of [...statement.parameters].sort((left, right) => rank(left) - rank(right))) {
    const name = parameter.name.name;
    if (seen.has(name)) checker.found('parameter/duplicate', { operator, name }, parameter.name);
    seen.add(name);
    if (isTensorParameter(parameter)) {
      checkNamedTensor(checker, parameter, tensors);
      continue;
    }
    checkExpression(checker, parameter.value, scope);
    const known = info.parameters.map((one) => one.name);
    if (!known.includes(name)) unknownParameter(checker, parameter, operator, known);
  }
  checkFollowers(checker, operator, statement.followers, scope);
}

function rank(parameter: ast.NamedValue): number {
  return parameter.name.name === 'as' ? 1 : 0;
}

function missing(
  checker: Checker,
  statement: ast.OperatorStatement,
  info: OperatorInfo,
  operand: string,
): void {
  const example = info.snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1');
  checker.found('operand/missing', { operator: info.name, operand, example }, statement.name);
}

function unknownParameter(
  checker: Checker,
  parameter: ast.NamedValue,
  operator: string,
  known: readonly string[],
): void {
  const all = [...known, ...commonParameters.map((one) => one.name)];
  const { name } = parameter.name;
  checker.found(
    'parameter/unknown',
    { operator, name, known: all.join(', '), suggestion: checker.suggestions.nearest(name, all) },
    parameter.name,
  );
}

function isTensorParameter(parameter: ast.NamedValue): boolean {
  return parameter.name.name === 'as' || parameter.name.name === 'from';
}

/** `as name` defines a tensor, `from name` reads one. */
export function checkNamedTensor(checker: Checker, parameter: ast.NamedValue, tensors: NameScope): void {
  const { value } = parameter;
  if (value.kind !== 'name') return;
  if (parameter.name.name === 'from') {
    readTensor(checker, value, tensors);
    return;
  }
  defineTensor(checker, value, tensors);
}

function defineTensor(checker: Checker, value: ast.NameExpression, tensors: NameScope): void {
  const known = tensors.own(value.name);
  if (known === undefined) checker.define(tensors, value, 'tensor', undefined, undefined);
  else checker.references.add(value, known.symbol, 'definition');
}

function readTensor(
  checker: Checker,
  at: { readonly name: string; readonly start: number; readonly end: number },
  tensors: NameScope,
): void {
  const known = tensors.find(at.name);
  if (known === undefined) {
    const suggestion = checker.suggestions.nearest(at.name, tensors.visible());
    checker.found('name/unknown', { name: at.name, what: 'tensor', suggestion }, at);
    return;
  }
  known.uses++;
  checker.references.add(at, known.symbol, 'read');
}

function checkTensorArguments(
  checker: Checker,
  statement: ast.OperatorStatement,
  info: OperatorInfo,
  context: LayerContext,
): void {
  const given: readonly ast.Argument[] = statement.arguments ?? [];
  const operator = info.name;
  if (info.tensors === undefined) {
    const [first] = given;
    if (first !== undefined) unexpected(checker, operator, 'value in parentheses', first.value, first);
    return;
  }
  let count = 0;
  for (const argument of given) {
    if (argument.value.kind === 'name') {
      if (info.makesTensors) defineTensor(checker, argument.value, context.tensors);
      else readTensor(checker, argument.value, context.tensors);
      count++;
    } else if (argument.value.kind !== 'string') {
      unexpected(checker, operator, 'value that is not the name of a tensor', argument.value, argument);
    }
  }
  const { least, most } = info.tensors;
  if (count < least) missing(checker, statement, info, 'tensors in parentheses');
  if (count > most) {
    checker.found(
      'argument/too-many',
      { block: operator, most, parameters: 'names of tensors' },
      given[most] ?? statement.name,
    );
  }
}

function reportLater(checker: Checker, statement: ast.OperatorStatement, info: OperatorInfo): void {
  if (!info.later) return;
  const { name } = info;
  const code =
    name === 'lstm' || name === 'gru' || name === 'attention' ? (`later/${name}` as const) : undefined;
  checker.found(code ?? 'later/features', { name }, statement.name);
}

/** A value that an operator or a block does not take. Where there is none, the parser has said what is missing. */
function unexpected(
  checker: Checker,
  operator: string,
  what: string,
  value: ast.Expression,
  place: ast.Span = value,
): void {
  if (value.kind !== 'missing') checker.found('operand/unexpected', { operator, what }, place);
}
