/** The size of what a network is given, as it is written in a dataset or a space. */

import type { Declaration, Expression } from '../../../grammar/ast.ts';
import type { Shape } from '../network.ts';
import { compile } from '../program/compile.ts';
import { choiceSlot, tensorSlot } from '../program/slots.ts';
import { INPUT_EXPECTED, inputShapeOf, inputValues, isLiteral } from '../program/space-input.ts';
import { TensorTypes } from '../program/tensor-types.ts';
import type { Value } from '../../operators/values.ts';
import type { SettingReader } from './values.ts';

/** `28x28x1` or a number of features; reports anything else. */
export function readShape(reader: SettingReader, expression: Expression | undefined): Shape | undefined {
  return readShapes(reader, expression)[0];
}

/** The same where it may be a choice: every size, in the order written. Nothing where one of them is none. */
export function readShapes(reader: SettingReader, expression: Expression | undefined): readonly Shape[] {
  if (expression === undefined || expression.kind === 'missing') return [];
  const values = isLiteral(expression) ? [literal(expression)] : valuesOf(reader, expression);
  const shapes: Shape[] = [];
  for (const value of values) {
    if (typeof value !== 'number' && typeof value !== 'object') {
      reader.wrong('value/type', 'input', 'dimensions such as `28x28x1`', expression);
      return [];
    }
    const shape = inputShapeOf(value);
    if (shape === undefined) {
      const details = { what: 'input', expected: INPUT_EXPECTED, found: [value].flat().join('x') };
      reader.found('value/range', details, expression);
      return [];
    }
    shapes.push(shape);
  }
  return shapes;
}

function literal(expression: Expression): Value {
  if (expression.kind === 'dimensions') return expression.values;
  return expression.kind === 'number' ? expression.value : undefined;
}

/** What can be said before any space is built: no tie has a value here. */
function valuesOf(reader: SettingReader, expression: Expression): readonly Value[] {
  const { file } = reader;
  const compiled = compile(expression, {
    file,
    scope: { parent: undefined, names: new Map() },
    tensor: tensorSlot('none'),
    types: new TensorTypes(),
    classes: undefined,
    choice: ({ start, end }, kind, options) =>
      choiceSlot({ id: '', kind, options, source: { file, start, end, line: 0 } }),
    text: (part) => reader.source(part),
    broken: () => undefined,
  });
  return inputValues(compiled) ?? [undefined];
}

/** Where the dataset of a file says the size of its samples. */
export function datasetInput(declarations: readonly Declaration[]): Expression | undefined {
  const dataset = declarations.find(({ kind }) => kind === 'dataset');
  if (dataset?.kind !== 'dataset') return undefined;
  return dataset.properties.findLast(({ name }) => name.name === 'input')?.values[0];
}

/** The size with most numbers, from which the others are made: nothing is lost before it has to be. */
export function largest(shapes: readonly Shape[]): Shape | undefined {
  const numbers = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);
  return shapes.reduce<Shape | undefined>(
    (most, shape) => (most === undefined || numbers(shape) > numbers(most) ? shape : most),
    undefined,
  );
}
