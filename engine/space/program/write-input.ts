/** Writes the drawing of an input that is a choice. */

import type { Expression, OperatorStatement } from '../../../grammar/ast.ts';
import { finding } from '../problems/catalogue.ts';
import type { Body } from './body.ts';
import type { Compiled } from './compile.ts';
import type { Elaborator } from './elaborate.ts';
import { formOf } from './layer-plan.ts';
import { CHOICE_LIMIT } from './ranges.ts';
import { INPUT_EXPECTED, inputShapeOf, inputValues } from './space-input.ts';
import { describeValue, isDims, type Value, valueText } from '../../operators/values.ts';
import { writeLayer } from './write-layer.ts';

/** The same wherever the choice stands, so that moving it from the dataset to the space renames nothing. */
const CHOICE_ID = 'input.1';

/** Stands for the input that a dataset gives: what is said of its layer is said of the choice. */
function statementFor(expression: Expression): OperatorStatement {
  const { start, end } = expression;
  return {
    kind: 'operator',
    start,
    end,
    name: { kind: 'identifier', name: 'input', start, end: start },
    operand: expression,
    arguments: undefined,
    output: undefined,
    parameters: [],
    followers: [],
    conditions: [],
    optional: undefined,
    repeat: undefined,
  };
}

export function writeInput(
  elaborator: Elaborator,
  input: { readonly statement: OperatorStatement | undefined; readonly expression: Expression },
  body: Body,
): void {
  const { expression } = input;
  const statement = input.statement ?? statementFor(expression);
  const reader = { statement, body };
  const size = elaborator.forced(expression, reader, `${CHOICE_ID}/shape`);
  checkSizes(elaborator, size, expression, body);
  const attributes = [{ name: 'operand', value: size }];
  const format = statement.parameters.find(({ name }) => name.name === 'type')?.value;
  if (format !== undefined)
    attributes.push({ name: 'type', value: elaborator.forced(format, reader, `${CHOICE_ID}/type`) });
  writeLayer(elaborator, body, {
    statement,
    name: CHOICE_ID,
    operator: 'input',
    attributes,
    followers: [],
    inputs: [],
    form: formOf('input', attributes, [], undefined),
    remedy: undefined,
  });
}

/** Says of every size that it is one, before any architecture is built: the data must fit them all. */
function checkSizes(elaborator: Elaborator, size: Compiled, expression: Expression, body: Body): void {
  const values = inputValues(size);
  const found =
    values === undefined
      ? size.reads.some(({ kind }) => kind !== 'choice')
        ? finding('value/not-constant', { what: 'size of the input' })
        : finding('range/too-large', { what: 'input', count: combinations(size), limit: CHOICE_LIMIT })
      : problemOf(values);
  if (found === undefined) return;
  elaborator.report(found, body.file.file, expression);
  elaborator.doubt();
}

function combinations({ reads }: Compiled): number {
  return reads.reduce((count, slot) => count * (slot.kind === 'choice' ? slot.choice.options.length : 1), 1);
}

function problemOf(values: readonly Value[]): ReturnType<typeof finding> | undefined {
  for (const value of values) {
    // What has no value has been reported.
    if (value === undefined || inputShapeOf(value) !== undefined) continue;
    if (typeof value === 'number' || isDims(value))
      return finding('value/range', { what: 'input', expected: INPUT_EXPECTED, found: valueText(value) });
    const expected = 'dimensions such as `28x28x1`';
    return finding('value/type', { what: 'input', expected, found: describeValue(value) });
  }
  return undefined;
}
