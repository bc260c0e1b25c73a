/**
 * From tree to text, in the layout of the formatter; comments are not part of it. What is printed and read again must
 * be the same tree.
 */

import type {
  Alternative,
  AnyFollower,
  Argument,
  CellItem,
  Constraint,
  Declaration,
  Expression,
  Follower,
  Modifiers,
  NamedValue,
  Objective,
  OperatorStatement,
  Parameter,
  Property,
  SourceFile,
  SparsityOption,
  Statement,
} from '../ast.ts';
import { precedence } from '../precedence.ts';

/** Binds more tightly than any operator: names, numbers, calls. */
const tightest = 10;

export function printFile(file: SourceFile): string {
  return file.declarations.map((declaration) => `${printDeclaration(declaration)}\n`).join('\n');
}

// ---------------------------------------------------------------- expressions

export function printExpression(node: Expression, outer = 0): string {
  const own = bindingOf(node);
  const text = expressionText(node);
  return own < outer ? `(${text})` : text;
}

function bindingOf(node: Expression): number {
  if (node.kind === 'binary') return precedence[node.operator] ?? 0;
  if (node.kind === 'unary') return precedence[node.operator === '-' ? 'negate' : 'not'] ?? 0;
  // A range may end in `step` or `log`, the loosest of its words.
  if (node.kind === 'range') return precedence['step'] ?? 0;
  if (node.kind === 'conditional') return 0;
  return tightest;
}

function expressionText(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return node.unit === undefined
        ? printNumber(node.value)
        : `${printNumber(node.value)} ${node.unit.name}`;
    case 'dimensions':
      return node.values.join('x');
    case 'string':
      return printString(node.value);
    case 'name':
      return node.name;
    case 'choiceExpression':
      return `{${node.options.map((option) => printExpression(option)).join(' | ')}}`;
    case 'range': {
      const step = node.step === undefined ? '' : ` step ${printExpression(node.step, 6)}`;
      const log = node.log === undefined ? '' : ` log ${printExpression(node.log, 6)}`;
      return `${printExpression(node.low, 7)}..${printExpression(node.high, 7)}${step}${log}`;
    }
    case 'unary': {
      const word = node.operator === '-' ? '-' : 'not ';
      return word + printExpression(node.operand, bindingOf(node));
    }
    case 'binary': {
      const own = bindingOf(node);
      return `${printExpression(node.left, own)} ${node.operator} ${printExpression(node.right, own + 1)}`;
    }
    case 'conditional':
      return `${printExpression(node.value, 1)} when ${printExpression(node.condition, 1)} else ${printExpression(node.otherwise)}`;
    case 'call':
      return node.callee.name + printArguments(node.arguments);
    case 'missing':
      return '';
  }
}

/** Without an exponent sign that the grammar does not know. */
function printNumber(value: number): string {
  return String(value).replace('e+', 'e');
}

function printString(value: string): string {
  const escaped = value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

function printArguments(list: readonly Argument[]): string {
  const texts = list.map(({ name, value }) =>
    name === undefined ? printExpression(value) : `${name.name} = ${printExpression(value)}`,
  );
  return `(${texts.join(', ')})`;
}

// ---------------------------------------------------------------- statements

/** One statement, its lines joined; the first is not indented. */
function printStatement(node: Statement, indent = ''): string {
  switch (node.kind) {
    case 'let':
      return `${node.word} ${node.name?.name ?? ''} = ${printExpression(node.value)}`;
    case 'operator':
      return printOperator(node);
    case 'operatorChoice': {
      const options = node.options.map(printOperator).join(' | ');
      return `{${options}}${tail(node)}${modifiers(node)}`;
    }
    case 'skip': {
      const conditions = modifiers({ repeat: undefined, optional: undefined, conditions: node.conditions });
      return `skip ${node.merge}${followers(node.followers)}${conditions}`;
    }
    case 'choice':
      return `choice ${alternatives(node.alternatives, indent)}${modifiers(node)}`;
    case 'branches': {
      const list = alternatives(node.alternatives, indent);
      return `branches ${node.merge ?? 'add'} ${list}${followers(node.followers)}${modifiers(node)}`;
    }
    case 'group':
      return printBody(node.body, indent) + modifiers(node);
    case 'require':
      return `require ${printExpression(node.condition)}`;
  }
}

function printOperator(node: OperatorStatement): string {
  const args = node.arguments === undefined ? '' : printArguments(node.arguments);
  const operand = node.operand === undefined ? '' : ` ${printExpression(node.operand)}`;
  return node.name.name + args + operand + tail(node) + modifiers(node);
}

function tail(node: {
  readonly output: Expression | undefined;
  readonly parameters: readonly NamedValue[];
  readonly followers: readonly AnyFollower[];
}): string {
  const output = node.output === undefined ? '' : ` -> ${printExpression(node.output)}`;
  const parameters = node.parameters.map(({ name, value }) => ` ${name.name} ${printExpression(value)}`);
  return output + parameters.join('') + followers(node.followers);
}

function followers(list: readonly AnyFollower[]): string {
  return list
    .map((item) =>
      item.kind === 'follower' ? `, ${follower(item)}` : `, {${item.options.map(follower).join(' | ')}}`,
    )
    .join('');
}

function follower({ name, value }: Follower): string {
  return name.name + (value === undefined ? '' : ` ${printExpression(value)}`);
}

function modifiers(node: Modifiers): string {
  const { repeat } = node;
  const same = repeat?.same === undefined ? '' : ' same';
  const times = repeat === undefined ? '' : ` x${printCount(repeat.count)}${same}`;
  const optional = node.optional === undefined ? '' : ' ?';
  const conditions = node.conditions.map(({ word, expression }) => ` ${word} ${printExpression(expression)}`);
  return times + optional + conditions.join('');
}

/** The word `x` is read only before a digit, `{` or `(`. */
function printCount(count: Expression): string {
  if (count.kind === 'number' || count.kind === 'choiceExpression') return printExpression(count);
  if (count.kind === 'range' && count.low.kind === 'number' && count.step === undefined) {
    return `${printExpression(count.low)}..${printExpression(count.high, tightest)}`;
  }
  return `(${printExpression(count)})`;
}

function printBody(body: readonly Statement[], indent: string): string {
  if (body.length === 0) return '{ }';
  const inner = `${indent}  `;
  const lines = body.map((statement) => `${inner}${printStatement(statement, inner)}\n`);
  return `{\n${lines.join('')}${indent}}`;
}

function alternatives(list: readonly Alternative[], indent: string): string {
  const inner = `${indent}  `;
  const lines = list.map(({ label, body }) => {
    const [only] = body;
    const isPlain = body.length === 1 && only !== undefined && only.kind !== 'group';
    return `${inner}${label.name}: ${isPlain ? printStatement(only, inner) : printBody(body, inner)}\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

// ---------------------------------------------------------------- declarations

function printDeclaration(node: Declaration): string {
  switch (node.kind) {
    case 'import': {
      const names = node.names?.map(
        ({ name, alias }) => name.name + (alias === undefined ? '' : ` as ${alias.name}`),
      );
      const from = names === undefined ? '' : `{ ${names.join(', ')} } from `;
      return `import ${from}${printString(node.path?.value ?? '')}`;
    }
    case 'target':
      return `target ${printString(node.board?.value ?? '')}${properties(node.properties, '')}`;
    case 'dataset': {
      const args = node.arguments.length === 0 ? '' : printArguments(node.arguments);
      return `dataset ${node.name?.name ?? ''}${args}${properties(node.properties, '')}`;
    }
    case 'block': {
      const list = node.parameters.length === 0 ? '' : parameters(node.parameters);
      return `block ${node.name?.name ?? ''}${list} ${printBody(node.body, '')}`;
    }
    case 'space':
      return `space ${node.name?.name ?? ''} ${printBody(node.body, '')}`;
    case 'cell': {
      const list = node.parameters.length === 0 ? '' : parameters(node.parameters);
      return `cell ${node.name?.name ?? ''}${list} ${lines(node.items.map(printCellItem), '')}`;
    }
    case 'quantize':
      return `quantize ${printExpression(node.value)}`;
    case 'sparsity':
      return `sparsity {${node.options.map(printSparsity).join(' | ')}}`;
    case 'constraints':
      return `constraints ${lines(node.items.map(printConstraint), '')}`;
    case 'objectives':
      return `objectives ${lines(node.items.map(printObjective), '')}`;
    case 'search':
      return `search ${node.strategy?.name ?? ''}${properties(node.properties, '')}`;
  }
}

function lines(list: readonly string[], indent: string): string {
  if (list.length === 0) return '{ }';
  return `{\n${list.map((line) => `${indent}  ${line}\n`).join('')}${indent}}`;
}

function parameters(list: readonly Parameter[]): string {
  const texts = list.map(({ name, default: value }) =>
    value === undefined ? name.name : `${name.name} = ${printExpression(value)}`,
  );
  return `(${texts.join(', ')})`;
}

function properties(list: readonly Property[], indent: string): string {
  return list.length === 0
    ? ''
    : ` ${lines(
        list.map((property) => printProperty(property, `${indent}  `)),
        indent,
      )}`;
}

function printProperty({ name, values, nested }: Property, indent: string): string {
  const list = values.map((value) => ` ${printExpression(value)}`).join('');
  return name.name + list + (nested === undefined ? '' : properties(nested, indent) || ' { }');
}

function printCellItem(item: CellItem): string {
  switch (item.kind) {
    case 'edge': {
      const { between } = item;
      const ends =
        between === undefined ? 'each' : `${printExpression(between.from)} -> ${printExpression(between.to)}`;
      return `edge ${ends} <- {${item.operators.map(printOperator).join(' | ')}}`;
    }
    case 'limit':
      return `limit inputs per node <= ${printExpression(item.value)}`;
    case 'output':
      return `output ${item.merge?.name ?? ''}`;
  }
}

function printSparsity(option: SparsityOption): string {
  if (option.form === 'n:m') return `${option.n ?? 0}:${option.m ?? 0}`;
  if (option.form === 'channel')
    return `channel ${option.ratio === undefined ? '' : printExpression(option.ratio)}`;
  return 'none';
}

function printConstraint({ metric, operator, bound, on }: Constraint): string {
  const board = on === undefined ? '' : ` on ${printString(on.value)}`;
  return `${metric?.name ?? ''} ${operator ?? ''} ${printExpression(bound)}${board}`;
}

function printObjective({ direction, metric, weight, on }: Objective): string {
  const share = weight === undefined ? '' : ` weight ${printExpression(weight)}`;
  const board = on === undefined ? '' : ` on ${printString(on.value)}`;
  return `${direction} ${metric?.name ?? ''}${share}${board}`;
}
