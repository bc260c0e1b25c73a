/** Every operator. */

import {
  dropout,
  elu,
  gelu,
  hardSwish,
  leakyRelu,
  logistic,
  prelu,
  relu,
  relu6,
  softmax,
  tanh,
} from './activations.ts';
import type { Attribute, Attributes, ValuesOf } from './attribute.ts';
import { conv2d, depthwiseConv2d } from './convolution.ts';
import { fullyConnected } from './dense.ts';
import { dequantize, other, quantize } from './formats.ts';
import { add, concatenation, mul, sub } from './joining.ts';
import type { OperatorRow } from './operator.ts';
import { slice, split, transpose } from './moving.ts';
import { averagePool2d, maxPool2d, mean, reduceMax } from './pooling.ts';
import { pad, reshape, resizeBilinear, resizeNearestNeighbor } from './reshaping.ts';
import { transposeConv } from './transposed-convolution.ts';

const rows = {
  conv_2d: conv2d,
  depthwise_conv_2d: depthwiseConv2d,
  transpose_conv: transposeConv,
  fully_connected: fullyConnected,
  average_pool_2d: averagePool2d,
  max_pool_2d: maxPool2d,
  add,
  mul,
  sub,
  concatenation,
  mean,
  reduce_max: reduceMax,
  relu,
  relu6,
  hard_swish: hardSwish,
  logistic,
  tanh,
  elu,
  gelu,
  softmax,
  leaky_relu: leakyRelu,
  prelu,
  reshape,
  pad,
  resize_nearest_neighbor: resizeNearestNeighbor,
  resize_bilinear: resizeBilinear,
  transpose,
  slice,
  split,
  quantize,
  dequantize,
  other,
  dropout,
} as const;

type Rows = typeof rows;

export type OpKind = keyof Rows;

interface Common<Kind> {
  readonly kind: Kind;
  /**
   * Number format of what it works on, by its name in the schema of a `.tflite`, where its first input does not say it:
   * that is none of {@link DType} (`float16`, `bool`), or a constant, or another input counts.
   */
  readonly format?: string;
}

/** An operator without its place in a network. */
export type OpTemplate<K extends OpKind = OpKind> = {
  readonly [Kind in K]: Common<Kind> & ValuesOf<Rows[Kind]['attributes']>;
}[K];

/** A row with its attributes read as those of the operators of its kind. */
export type Row = OperatorRow<OpTemplate>;

export const operatorKinds = Object.keys(rows) as readonly OpKind[];

export function rowOf(kind: OpKind): Row {
  // A row is asked about operators of its own kind alone, which their `kind` says.
  return rows[kind] as unknown as Row;
}

/** A convolution that reads all channels of its input, or of a group, for each that it makes. */
export const isFullConvolution = ({ attributes, channels, stepsOver }: Row): boolean =>
  'kernel' in attributes && channels.by === 'set' && stepsOver === 'input';

/** An operator with the values given, and its defaults. Throws an `Error` where neither says a value. */
export function template<K extends OpKind>(
  kind: K,
  values: Partial<ValuesOf<Rows[K]['attributes']>>,
): OpTemplate<K> {
  return templateFrom(kind, values);
}

/** The same from values of which some may belong to other operators. */
export function templateFrom<K extends OpKind>(kind: K, given: AttributeValues): OpTemplate<K> {
  const filled: Record<string, unknown> = { kind };
  for (const [key, attribute] of attributesOf(kind)) {
    filled[key] = given[key] ?? attribute.default;
    if (filled[key] === undefined) throw new Error(`${kind} needs a value for ${key}.`);
  }
  return filled as unknown as OpTemplate<K>;
}

const attributes = new Map(
  operatorKinds.map((kind) => [kind, Object.entries(rows[kind].attributes as Attributes)] as const),
);

/** By name, in the order of the row. */
export const attributesOf = (kind: OpKind): readonly (readonly [string, Attribute<unknown>])[] =>
  attributes.get(kind) ?? [];

const byTfliteName = new Map(operatorKinds.map((kind) => [rows[kind].tflite?.name, kind] as const));

/** By the name in the schema's `BuiltinOperator`. */
export const kindOfTflite = (name: string): OpKind | undefined => byTfliteName.get(name);

/** In the schema's `BuiltinOperator`, or of a custom operator; `undefined` for what no file holds. */
export const tfliteNameOf = (op: OpTemplate): string | undefined =>
  op.kind === 'other' ? op.tfliteName : rowOf(op.kind).tflite?.name;

export type AttributeValues = Readonly<Record<string, unknown>>;

/** Its attributes, by the names of the row. */
export const valuesOf = (op: OpTemplate): AttributeValues => op as unknown as AttributeValues;
