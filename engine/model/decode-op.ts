/**
 * What an operator of a `.tflite` is as an operator of a {@link Network}, by the rows of the operators; what a network
 * cannot say becomes `other` under its name in the schema.
 */

import { kindsOfTflite, rowOf, template, templateFrom } from '../operators/catalogue.ts';
import type { FileOperator, FileOptions } from '../operators/tflite.ts';
import type { Op, OpTemplate, SourceRef } from '../space/network.ts';
import type { QuantizationParameters } from '../space/trained.ts';
import { countMacs } from './count-macs.ts';
import { formatOf } from './number-format.ts';
import { field, tensorType } from './schema.ts';

/** A tensor of the file that an operator reads or writes. */
export interface FileTensor {
  readonly index: number;
  /** As stored, batch first. */
  readonly shape: readonly number[];
  readonly type: number;
  /** Empty for activations. */
  readonly data: Uint8Array;
  /** A constant that lies in another file. */
  readonly isElsewhere: boolean;
  /** It lives from one inference to the next. */
  readonly isVariable: boolean;
  readonly quantization?: QuantizationParameters | undefined;
}

/** Known before the network runs. */
export const isConstant = ({ data, isElsewhere, isVariable }: FileTensor): boolean =>
  !isVariable && (data.length > 0 || isElsewhere);

/** It holds numbers while the network runs; a tensor of no elements holds nothing. */
export const isActivation = (tensor: FileTensor): boolean => !isConstant(tensor) && !tensor.shape.includes(0);

export interface FileOp {
  readonly index: number;
  readonly name: string;
  /** In the schema, or of a custom operator. */
  readonly builtin: string;
  readonly isCustom: boolean;
  readonly source: SourceRef;
  readonly options: FileOptions | undefined;
  readonly inputs: readonly (FileTensor | undefined)[];
  readonly outputs: readonly FileTensor[];
  /** Tensor ids of the inputs that are activations. */
  readonly activations: readonly number[];
}

/** No side of a tensor is longer. */
export const longestSide = 1 << 20;

/** Paddings of a rank-4 tensor are eight. */
const maxIntegers = 16;

/** The few integers (int32 or int64) of a constant that says axes or amounts. */
function smallIntegers(tensor: FileTensor | undefined): number[] | undefined {
  if (tensor === undefined || !isConstant(tensor) || tensor.data.length === 0) return undefined;
  const bytes = tensor.type === tensorType.int64 ? 8 : 4;
  if (tensor.data.length % bytes !== 0 || tensor.data.length > maxIntegers * bytes) return undefined;
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Array.from({ length: tensor.data.length / bytes }, (_, index) =>
    bytes === 8 ? Number(view.getBigInt64(8 * index, true)) : view.getInt32(4 * index, true),
  );
}

function realOf(tensor: FileTensor): number | undefined {
  const { data, type, quantization } = tensor;
  if (!isConstant(tensor) || tensor.shape.some((side) => side !== 1)) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === tensorType.float32 && data.length === 4) return view.getFloat32(0, true);
  const [scale, zero] = [quantization?.scale[0], quantization?.zeroPoint[0] ?? 0];
  return type === tensorType.int8 && data.length === 1 && scale !== undefined
    ? scale * (view.getInt8(0) - zero)
    : undefined;
}

const none: FileOptions = {
  int8: () => 0,
  int32: (_, schemaDefault = 0) => schemaDefault,
  float32: () => 0,
  bool: () => false,
};

const asFile = (tensor: FileTensor): FileOperator['outputs'][number] => ({
  shape: tensor.shape,
  dtype: formatOf(tensor.type).dtype,
  isConstant: isConstant(tensor),
  isVariable: tensor.isVariable,
  integers: smallIntegers(tensor),
  real: realOf(tensor),
});

/** The operator, or `undefined` when it has a form that a network cannot say. */
function decodeKnown(op: FileOp): OpTemplate | undefined {
  const [output] = op.outputs;
  if (op.isCustom || output === undefined || op.inputs[0] === undefined) return undefined;
  // Of what holds nothing, only the new shape of a scalar is known to make sense.
  const holdsNothing = [...op.inputs, output].some((tensor) => tensor?.shape.includes(0) === true);
  if (holdsNothing && op.builtin !== 'RESHAPE') return undefined;
  const file = {
    options: op.options ?? none,
    inputs: op.inputs.map((tensor) => tensor && asFile(tensor)),
    outputs: op.outputs.map(asFile),
    isJoin: op.outputs.length === 1 && op.activations.length === op.inputs.length,
  };
  const isSingle = op.outputs.length === 1 && op.activations.length === 1;
  for (const kind of kindsOfTflite(op.builtin)) {
    const { tflite } = rowOf(kind);
    const isUnary = isSingle && op.activations[0] === op.inputs[tflite?.activationsAt ?? 0]?.index;
    const values = tflite?.decode({ ...file, isUnary });
    if (values !== undefined) return templateFrom(kind, { ...values });
  }
  return undefined;
}

/** Never fails; an operator without an output must not be passed. */
export function decodeOp(op: FileOp): Op {
  const place = {
    index: op.index,
    name: op.name,
    inputs: op.activations,
    output: op.outputs[0]?.index ?? -1,
    moreOutputs: op.outputs.slice(1).map(({ index }) => index),
    source: op.source,
  };
  const known = decodeKnown(op);
  if (known !== undefined) return { ...known, ...place };
  const shapes = op.inputs.map((tensor) => tensor?.shape);
  const macs = countMacs(op.builtin, op.isCustom, {
    inputs: shapes,
    output: op.outputs[0]?.shape ?? [],
    options: op.options,
  });
  const [output] = op.outputs;
  const other = template('other', {
    tfliteName: op.builtin,
    shape: output?.shape.slice(1) ?? [],
    dtype: formatOf(output?.type ?? tensorType.int8).dtype,
    weightBytes: op.inputs.reduce((sum, tensor) => sum + (tensor?.data.length ?? 0), 0),
    macs: macs ?? 0,
    uncounted: macs === undefined,
    crossed: crossedElements(op),
    units: shapes[unitInputs[op.builtin] ?? -1]?.[0] ?? 0,
    pieces: copiedPieces(op),
  });
  return { ...other, ...place };
}

/** The input whose first side says how many filters or units there are: of those that every kind must have. */
const unitInputs: Readonly<Record<string, number | undefined>> = {
  SVDF: 1,
  UNIDIRECTIONAL_SEQUENCE_LSTM: 2,
};

/** Where the options of an operator that joins or splits say its axis, and which of its inputs does instead. */
const axisFields: Readonly<Record<string, number | undefined>> = { PACK: 1, UNPACK: 1, CONCATENATION: 0 };
const axisInputs: Readonly<Record<string, number | undefined>> = { SPLIT: 0, SPLIT_V: 2 };

/** For each index before the axis, one of each tensor. */
function copiedPieces({ builtin, inputs, outputs, options, activations }: FileOp): number {
  const field = axisFields[builtin];
  const [said] = smallIntegers(inputs[axisInputs[builtin] ?? -1]) ?? [];
  const axis = field === undefined ? said : (options?.int32(field) ?? 0);
  // What is joined has as many extents before the axis as what comes out.
  const whole = outputs.length > 1 ? inputs.find((tensor) => tensor?.index === activations[0]) : outputs[0];
  if (axis === undefined || whole === undefined) return 0;
  const before = whole.shape.slice(0, axis < 0 ? axis + whole.shape.length : axis);
  return before.reduce((product, side) => product * side, 1) * Math.max(activations.length, outputs.length);
}

function crossedElements({ builtin, inputs: [left, right], options }: FileOp): number {
  if (builtin !== 'BATCH_MATMUL') return 0;
  const elements = (tensor: FileTensor | undefined) =>
    tensor?.shape.reduce((product, size) => product * size, 1) ?? 0;
  const isTurned = (id: number) => options?.bool(id) === true;
  // The rows of the left meet the columns of the right, unless the file has them turned already.
  return (
    (isTurned(field.batchMatMul.adjointX) ? elements(left) : 0) +
    (isTurned(field.batchMatMul.adjointY) ? 0 : elements(right))
  );
}
