/**
 * What an operator of a `.tflite` is as an operator of a {@link Network}; what a network cannot say becomes
 * {@link OtherOp} under its name in the schema.
 */

import type { FusedActivation, Op, Pair, SourceRef } from '../space/network.ts';
import { countMacs } from './count-macs.ts';
import type { FlatTable } from './flatbuffer-reader.ts';
import { field, fusedActivation, padding, tensorType } from './schema.ts';

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
  readonly options: FlatTable | undefined;
  readonly inputs: readonly (FileTensor | undefined)[];
  readonly outputs: readonly FileTensor[];
  /** Tensor ids of the inputs that are activations. */
  readonly activations: readonly number[];
}

/** No side of a tensor is longer. */
export const longestSide = 1 << 20;

/** No side of a window, stride or dilation is longer; it bounds the work of whoever prices a damaged file. */
const longestWindow = 1 << 12;

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

function activationOf(options: FlatTable | undefined, id: number): FusedActivation | undefined {
  const code = options?.int8(id) ?? 0;
  const names: readonly FusedActivation[] = ['none', 'relu', 'relu6', 'tanh'];
  return names.find((name) => fusedActivation[name] === code);
}

interface WindowOptions {
  readonly stride: Pair;
  readonly padding: 'same' | 'valid';
}

/** Padding and strides stand first in the options of every operator that has a window. */
function windowOf(options: FlatTable | undefined): WindowOptions | undefined {
  if (options === undefined) return undefined;
  const stride: Pair = [options.int32(field.conv2d.strideH), options.int32(field.conv2d.strideW)];
  if (!isSensible(stride)) return undefined;
  return { stride, padding: options.int8(field.conv2d.padding) === padding.valid ? 'valid' : 'same' };
}

const isSensible = (pair: Pair) => pair.every((side) => side >= 1 && side <= longestWindow);

/** `undefined` when a side makes no sense. */
function pairOf(
  options: FlatTable,
  heightId: number,
  widthId: number,
  schemaDefault: number,
): Pair | undefined {
  const pair: Pair = [options.int32(heightId, schemaDefault), options.int32(widthId, schemaDefault)];
  return isSensible(pair) ? pair : undefined;
}

/** The operator, or `undefined` when it has a form that a network cannot say. */
function decodeKnown(op: FileOp): Op | undefined {
  const [first, second, third] = op.inputs;
  const output = op.outputs[0];
  if (output === undefined || first === undefined || op.outputs.length !== 1) return undefined;
  const base = {
    index: op.index,
    name: op.name,
    inputs: op.activations,
    output: output.index,
    source: op.source,
  };
  const { options, builtin: name } = op;
  if (op.isCustom) return undefined;
  // Of what holds nothing, only the new shape of a scalar is known to make sense.
  const holdsNothing = [...op.inputs, output].some((tensor) => tensor?.shape.includes(0) === true);
  if (holdsNothing && name !== 'RESHAPE') return undefined;
  const unary = op.activations.length === 1 && op.activations[0] === first.index;

  switch (name) {
    case 'CONV_2D': {
      const window = windowOf(options);
      const activation = activationOf(options, field.conv2d.activation);
      if (options === undefined || window === undefined || activation === undefined) return undefined;
      if (!unary || second === undefined || !isConstant(second)) return undefined;
      const [filters, height, width, channels] = second.shape;
      const channelsIn = first.shape[3];
      const dilation = pairOf(options, field.conv2d.dilationH, field.conv2d.dilationW, 1);
      if (dilation === undefined) return undefined;
      if (filters === undefined || height === undefined || width === undefined) return undefined;
      if (!isSensible([height, width])) return undefined;
      if (channels === undefined || channelsIn === undefined || channelsIn % channels !== 0) return undefined;
      return {
        ...base,
        ...window,
        kind: 'conv_2d',
        kernel: [height, width],
        filters,
        dilation,
        groups: channelsIn / channels,
        activation,
        bias: third !== undefined,
        batchNorm: false,
      };
    }
    case 'DEPTHWISE_CONV_2D': {
      const window = windowOf(options);
      const activation = activationOf(options, field.depthwiseConv2d.activation);
      if (options === undefined || window === undefined || activation === undefined) return undefined;
      if (!unary || second === undefined || !isConstant(second)) return undefined;
      const [, height, width, channels] = second.shape;
      const channelsIn = first.shape[3];
      const dilation = pairOf(options, field.depthwiseConv2d.dilationH, field.depthwiseConv2d.dilationW, 1);
      if (dilation === undefined) return undefined;
      if (height === undefined || width === undefined || channels === undefined) return undefined;
      if (!isSensible([height, width])) return undefined;
      if (channelsIn === undefined || channels % channelsIn !== 0) return undefined;
      return {
        ...base,
        ...window,
        kind: 'depthwise_conv_2d',
        kernel: [height, width],
        depthMultiplier: channels / channelsIn,
        dilation,
        activation,
        bias: third !== undefined,
        batchNorm: false,
      };
    }
    case 'FULLY_CONNECTED': {
      const activation = activationOf(options, field.fullyConnected.activation);
      if (activation === undefined || !unary || second === undefined || !isConstant(second)) return undefined;
      if ((options?.int8(field.fullyConnected.weightsFormat) ?? 0) !== 0) return undefined;
      const [units, width] = second.shape;
      if (units === undefined || width === undefined || second.shape.length !== 2) return undefined;
      const rows = first.shape.reduce((product, size) => product * size, 1) / width;
      if (!Number.isInteger(rows) || rows < 1) return undefined;
      return {
        ...base,
        kind: 'fully_connected',
        units,
        activation,
        bias: third !== undefined,
        batchNorm: false,
      };
    }
    case 'AVERAGE_POOL_2D':
    case 'MAX_POOL_2D': {
      const window = windowOf(options);
      const activation = activationOf(options, field.pool2d.activation);
      if (options === undefined || window === undefined || activation === undefined || !unary)
        return undefined;
      const kernel = pairOf(options, field.pool2d.filterH, field.pool2d.filterW, 0);
      if (kernel === undefined) return undefined;
      const kind = name === 'MAX_POOL_2D' ? 'max_pool_2d' : 'average_pool_2d';
      return { ...base, ...window, kind, kernel, activation };
    }
    case 'ADD':
    case 'SUB':
    case 'MUL': {
      const activation = activationOf(options, field.elementwise.activation);
      if (activation === undefined || op.activations.length !== 2 || op.inputs.length !== 2) return undefined;
      const kind = name === 'ADD' ? 'add' : name === 'SUB' ? 'sub' : 'mul';
      return { ...base, kind, activation };
    }
    case 'CONCATENATION': {
      const axis = options?.int32(field.concatenation.axis) ?? 0;
      const alongChannels = axis === -1 || axis === output.shape.length - 1;
      const plain = activationOf(options, field.concatenation.activation) === 'none';
      const whole = op.activations.length === op.inputs.length;
      return alongChannels && plain && whole ? { ...base, kind: 'concatenation' } : undefined;
    }
    case 'MEAN':
    case 'REDUCE_MAX': {
      const axes = smallIntegers(second)
        ?.map((axis) => (axis < 0 ? axis + first.shape.length : axis))
        .sort((a, b) => a - b);
      if (!unary || first.shape.length !== 4 || axes?.join() !== '1,2') return undefined;
      return { ...base, kind: name === 'MEAN' ? 'mean' : 'reduce_max' };
    }
    case 'PAD': {
      const amounts = smallIntegers(second);
      const [none, noneAfter, top = 0, bottom = 0, left = 0, right = 0, first = 0, last = 0] = amounts ?? [];
      if (!unary || amounts?.length !== 8 || none !== 0 || noneAfter !== 0 || first !== 0) return undefined;
      const channels = last === 0 ? {} : { channels: last };
      return { ...base, kind: 'pad', before: [top, left], after: [bottom, right], ...channels };
    }
    case 'RESHAPE':
      // The new shape may be computed by the operators before it.
      return op.activations[0] === first.index ? { ...base, kind: 'reshape' } : undefined;
    case 'RESIZE_NEAREST_NEIGHBOR':
      return unary ? { ...base, kind: 'resize_nearest_neighbor' } : undefined;
    case 'RESIZE_BILINEAR':
      return unary ? { ...base, kind: 'resize_bilinear' } : undefined;
    case 'LEAKY_RELU':
      return unary
        ? { ...base, kind: 'leaky_relu', parameter: options?.float32(field.leakyRelu.alpha) ?? 0 }
        : undefined;
    case 'RELU':
      return unary ? { ...base, kind: 'relu', parameter: undefined } : undefined;
    case 'RELU6':
      return unary ? { ...base, kind: 'relu6', parameter: undefined } : undefined;
    case 'HARD_SWISH':
      return unary ? { ...base, kind: 'hard_swish', parameter: undefined } : undefined;
    case 'LOGISTIC':
      return unary ? { ...base, kind: 'logistic', parameter: undefined } : undefined;
    case 'TANH':
      return unary ? { ...base, kind: 'tanh', parameter: undefined } : undefined;
    case 'SOFTMAX':
      return unary ? { ...base, kind: 'softmax', parameter: undefined } : undefined;
    case 'QUANTIZE':
      return unary ? { ...base, kind: 'quantize' } : undefined;
    case 'DEQUANTIZE':
      return unary ? { ...base, kind: 'dequantize' } : undefined;
    default:
      return undefined;
  }
}

/** Never fails; an operator without an output must not be passed. */
export function decodeOp(op: FileOp): Op {
  const known = decodeKnown(op);
  if (known !== undefined) return known;
  const shapes = op.inputs.map((tensor) => tensor?.shape);
  const macs = countMacs(op.builtin, op.isCustom, {
    inputs: shapes,
    output: op.outputs[0]?.shape ?? [],
    options: op.options,
  });
  const crossed = crossedElements(op);
  const units = unitInputs[op.builtin] === undefined ? undefined : shapes[unitInputs[op.builtin] ?? -1]?.[0];
  return {
    kind: 'other',
    index: op.index,
    name: op.name,
    inputs: op.activations,
    output: op.outputs[0]?.index ?? -1,
    source: op.source,
    tfliteName: op.builtin,
    weightBytes: op.inputs.reduce((sum, tensor) => sum + (tensor?.data.length ?? 0), 0),
    macs: macs ?? 0,
    ...(macs === undefined ? { uncounted: true } : {}),
    ...(op.outputs.length > 1 ? { moreOutputs: op.outputs.slice(1).map((tensor) => tensor.index) } : {}),
    ...(crossed === 0 ? {} : { crossed }),
    ...(units === undefined ? {} : { units }),
  };
}

/** The input whose first side says how many filters or units there are: of those that every kind must have. */
const unitInputs: Readonly<Record<string, number | undefined>> = {
  SVDF: 1,
  UNIDIRECTIONAL_SEQUENCE_LSTM: 2,
};

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
