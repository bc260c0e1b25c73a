/** What a space is given: one tensor, or a choice of tensors that is drawn like any other choice. */

import type { Expression, OperatorStatement, SpaceDeclaration, Statement } from '../../../grammar/ast.ts';
import { type DType, MOST_ELEMENTS, type Shape } from '../network.ts';
import { possibleValues } from './possible-values.ts';
import type { Compiled } from './compile.ts';
import type { Instruction } from './instructions.ts';
import { mentions } from './mentions.ts';
import { CHOICE_LIMIT } from './ranges.ts';
import type { TensorType, TensorTypes } from './tensor-types.ts';
import { isDims, type Value } from '../../operators/values.ts';

export type SpaceInput =
  | { readonly kind: 'fixed'; readonly shape: Shape; readonly dtype: DType }
  /** Without a statement the dataset has it. */
  | {
      readonly kind: 'chosen';
      readonly statement: OperatorStatement | undefined;
      readonly expression: Expression;
    };

export const INPUT_EXPECTED = `height x width x channels or a number of features, each at least 1 and their product below ${MOST_ELEMENTS}`;

/** A value as the shape of what a network is given, or `undefined` when it is none. */
export function inputShapeOf(value: Value): Shape | undefined {
  const shape = isDims(value) ? value : typeof value === 'number' ? [value] : undefined;
  if (shape === undefined) return undefined;
  const possible =
    (shape.length === 1 || shape.length === 3) &&
    shape.every((extent) => Number.isInteger(extent) && extent >= 1) &&
    shape.reduce((product, extent) => product * extent, 1) < MOST_ELEMENTS;
  return possible ? shape : undefined;
}

/** The `input` of a space: its first statement but for what only gives names or conditions, and reads no shape. */
export function inputStatementOf({ body }: SpaceDeclaration): OperatorStatement | undefined {
  const first = body.find((statement) => !standsBeforeInput(statement));
  return first !== undefined && isNamedInput(first) ? first : undefined;
}

export function isNamedInput(statement: Statement): statement is OperatorStatement {
  return statement.kind === 'operator' && statement.name.name === 'input';
}

/** Whether a statement can stand before the `input`. */
export function standsBeforeInput(statement: Statement): boolean {
  if (statement.kind !== 'let' && statement.kind !== 'require') return false;
  const expression = statement.kind === 'let' ? statement.value : statement.condition;
  return !['in', 'height', 'width'].some((symbol) => mentions(expression, symbol));
}

/** Whether only drawing its choices tells what an expression comes to. */
export function isLiteral(expression: Expression): boolean {
  return expression.kind === 'dimensions' || expression.kind === 'number';
}

/** Every value of the size of an input, or `undefined` when it reads a shape or the choices in it are too many. */
export function inputValues(size: Compiled): readonly Value[] | undefined {
  return possibleValues(size, CHOICE_LIMIT);
}

const dtypes: readonly Value[] = ['int8', 'uint8', 'int16', 'int32', 'float32'] satisfies DType[];

function isDType(value: Value): value is DType {
  return dtypes.includes(value);
}

/** What the network can be given, as the instruction that draws it says; nothing where that is broken. */
export function chosenInputs(
  instructions: readonly Instruction[],
  types: TensorTypes,
): readonly TensorType[] {
  const instruction = instructions.find((each) => each.kind === 'layer' && each.operator === 'input');
  if (instruction?.kind !== 'layer') return [];
  const valueOf = (name: string): readonly Value[] | undefined => {
    const found = instruction.attributes.find((attribute) => attribute.name === name)?.value;
    return found && inputValues(found);
  };
  const formats = (valueOf('type') ?? ['int8']).filter(isDType);
  const found = (valueOf('operand') ?? []).flatMap((value) => {
    const shape = inputShapeOf(value);
    return shape === undefined ? [] : formats.map((dtype) => types.of(shape, dtype));
  });
  return [...new Set(found)];
}
