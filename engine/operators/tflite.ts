/**
 * How operators stand in a `.tflite`, as data: options are fields of a table, each with its number in
 * `tensorflow/compiler/mlir/lite/schema/schema.fbs` and its default there.
 */

import type { DType, Pair, Shape, TensorSpec } from './tensors.ts';

/** Activations that TFLite can fuse into the operator before them. */
export const fusedActivations = ['none', 'relu', 'relu6', 'tanh'] as const;
export type FusedActivation = (typeof fusedActivations)[number];

/** `ActivationFunctionType` */
export const activationCodes: Readonly<Record<FusedActivation, number>> = {
  none: 0,
  relu: 1,
  relu6: 3,
  tanh: 4,
};

/** One field of an operator's options. */
export interface OptionField {
  readonly field: number;
  readonly type: 'int8' | 'int32' | 'float32' | 'bool';
  readonly value: number;
  /** What the schema takes for a field that is not there. */
  readonly schemaDefault: number;
}

export const int8Field = (field: number, value: number): OptionField => ({
  field,
  type: 'int8',
  value,
  schemaDefault: 0,
});
export const int32Field = (field: number, value: number, schemaDefault = 0): OptionField => ({
  field,
  type: 'int32',
  value,
  schemaDefault,
});
export const float32Field = (field: number, value: number): OptionField => ({
  field,
  type: 'float32',
  value,
  schemaDefault: 0,
});
export const boolField = (field: number, value: boolean): OptionField => ({
  field,
  type: 'bool',
  value: value ? 1 : 0,
  schemaDefault: 0,
});

/** An input beside the activations that the row knows: int32, such as the axes of a mean, or 8 bits. */
export interface ConstantInput {
  readonly shape: Shape;
  readonly values: readonly number[];
  /** What a step of 8 bits stands for; the zero point is 0. Absent: int32. */
  readonly scale?: number;
}

export const constant = (shape: Shape, values: readonly number[]): ConstantInput => ({ shape, values });

/** Steps of 8 bits that a number takes: a power of two, so that its float32 comes back whole. */
const STEPS = 64;

/** One number as an operand of 8 bits. */
export const scalar = (value: number): ConstantInput & { readonly scale: number } => ({
  shape: [],
  values: [STEPS * Math.sign(value)],
  scale: value === 0 ? 1 / STEPS : Math.fround(Math.abs(value)) / STEPS,
});

/** What encoding may look at: shapes without the batch. */
export interface Encoding {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Product of the scales of the inputs, and of the first of the weights, over that of the output. */
  readonly scaleRatio: number;
}

/** A tensor of a file that an operator reads or writes. */
export interface FileTensor {
  /** As stored, batch first. */
  readonly shape: readonly number[];
  /** As a network has it. */
  readonly dtype: DType;
  /** Known before the network runs. */
  readonly isConstant: boolean;
  /** It lives from one inference to the next. */
  readonly isVariable: boolean;
  /** Numbers of a constant of at most 16 int32 or int64; `undefined` for all others. */
  readonly integers: readonly number[] | undefined;
  /** The number that a constant of one element stands for, float32 or int8 with its quantisation. */
  readonly real: number | undefined;
}

/** Fields of the options; every one has its default where there are no options. */
export interface FileOptions {
  int8(field: number): number;
  int32(field: number, schemaDefault?: number): number;
  float32(field: number): number;
  bool(field: number): boolean;
}

/** An operator of a file, whose output holds something. */
export interface FileOperator {
  readonly options: FileOptions;
  readonly inputs: readonly (FileTensor | undefined)[];
  readonly outputs: readonly FileTensor[];
  /** Exactly one input is an activation, and it stands where the row says that activations do. */
  readonly isUnary: boolean;
  /** Every input is an activation. */
  readonly isJoin: boolean;
}

/** No side of a window, stride or dilation is longer; it bounds the work of whoever prices a damaged file. */
const longestWindow = 1 << 12;

/** `undefined` when a side makes no sense. */
export const sensible = (pair: Pair): Pair | undefined =>
  pair.every((side) => side >= 1 && side <= longestWindow) ? pair : undefined;

export function fusedActivationOf(options: FileOptions, field: number): FusedActivation | undefined {
  const code = options.int8(field);
  return fusedActivations.find((name) => activationCodes[name] === code);
}
