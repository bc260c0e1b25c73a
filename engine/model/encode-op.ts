/**
 * How each operator of a {@link Network} stands in a `.tflite`: its builtin operator, the version that an int8
 * model needs (`tensorflow/lite/tools/versioning/op_version.cc`), its options and its constant inputs.
 */

import { counted } from '../space/index.ts';
import type { FusedActivation, Op, Pair, Shape } from '../space/network.ts';
import { bool, float32, int32, int8 } from './flatbuffer-writer.ts';
import type { Fields } from './flatbuffer-writer.ts';
import { field, fusedActivation, optionsType, padding } from './schema.ts';

/** A network that cannot be written as an int8 `.tflite`. `message` says which operator and what to do. */
export class UnsupportedModel extends Error {
  override readonly name = 'UnsupportedModel';
}

export interface EncodedOp {
  /** Name in the schema's BuiltinOperator. */
  readonly builtin: string;
  readonly version: number;
  readonly optionsType: number;
  readonly options: Fields;
  /** int32 inputs after the activations, such as the axes of a mean. */
  readonly constants: readonly { readonly shape: Shape; readonly values: readonly number[] }[];
}

interface Window {
  readonly stride: Pair;
  readonly padding: 'same' | 'valid';
}

function activationOf(op: { readonly name: string; readonly activation: FusedActivation }): number {
  // The int8 kernels of TFLite and TFLite Micro know no fused tanh, although the schema does.
  if (op.activation === 'tanh') {
    throw new UnsupportedModel(
      `The int8 kernels cannot fuse tanh into "${op.name}". Write tanh as a layer of its own, or use relu.`,
    );
  }
  return fusedActivation[op.activation];
}

const windowFields = (op: Window): Fields => [
  [field.conv2d.padding, int8(padding[op.padding])],
  [field.conv2d.strideW, int32(op.stride[1])],
  [field.conv2d.strideH, int32(op.stride[0])],
];

const plain = (builtin: string, version: number): EncodedOp => ({
  builtin,
  version,
  optionsType: optionsType.none,
  options: [],
  constants: [],
});

/**
 * `inputs` and `output` are shapes without the batch, as in the network. `scaleRatio` is the product of the
 * input scales over the output scale (for `mul`). Throws an {@link UnsupportedModel}.
 */
export function encodeOp(op: Op, inputs: readonly Shape[], output: Shape, scaleRatio: number): EncodedOp {
  switch (op.kind) {
    case 'conv_2d':
      return {
        ...plain('CONV_2D', op.groups > 1 ? 6 : 3),
        optionsType: optionsType.conv2d,
        options: [
          ...windowFields(op),
          [field.conv2d.activation, int8(activationOf(op))],
          [field.conv2d.dilationW, int32(op.dilation[1], 1)],
          [field.conv2d.dilationH, int32(op.dilation[0], 1)],
        ],
      };
    case 'depthwise_conv_2d':
      return {
        ...plain('DEPTHWISE_CONV_2D', 3),
        optionsType: optionsType.depthwiseConv2d,
        options: [
          ...windowFields(op),
          [field.depthwiseConv2d.depthMultiplier, int32(op.depthMultiplier)],
          [field.depthwiseConv2d.activation, int8(activationOf(op))],
          [field.depthwiseConv2d.dilationW, int32(op.dilation[1], 1)],
          [field.depthwiseConv2d.dilationH, int32(op.dilation[0], 1)],
        ],
      };
    case 'fully_connected':
      return {
        ...plain('FULLY_CONNECTED', 4),
        optionsType: optionsType.fullyConnected,
        options: [[field.fullyConnected.activation, int8(activationOf(op))]],
      };
    case 'average_pool_2d':
    case 'max_pool_2d':
      return {
        ...plain(op.kind === 'max_pool_2d' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D', 2),
        optionsType: optionsType.pool2d,
        options: [
          ...windowFields(op),
          [field.pool2d.filterW, int32(op.kernel[1])],
          [field.pool2d.filterH, int32(op.kernel[0])],
          [field.pool2d.activation, int8(activationOf(op))],
        ],
      };
    case 'add':
    case 'sub':
    case 'mul':
      return {
        ...plain(op.kind.toUpperCase(), op.kind === 'mul' && scaleRatio >= 1 ? 3 : 2),
        optionsType: optionsType[op.kind],
        options: [[field.elementwise.activation, int8(activationOf(op))]],
      };
    case 'concatenation':
      return {
        ...plain('CONCATENATION', 2),
        optionsType: optionsType.concatenation,
        options: [[field.concatenation.axis, int32(output.length)]],
      };
    case 'mean':
    case 'reduce_max':
      return {
        ...plain(op.kind === 'mean' ? 'MEAN' : 'REDUCE_MAX', 2),
        optionsType: optionsType.reducer,
        options: [[field.reducer.keepDims, bool(output.length === 3)]],
        constants: [{ shape: [2], values: [1, 2] }],
      };
    case 'reshape':
      return {
        ...plain('RESHAPE', 1),
        constants: [{ shape: [output.length + 1], values: [1, ...output] }],
      };
    case 'pad': {
      const [top, left] = op.before;
      const [bottom, right] = op.after;
      return {
        ...plain('PAD', 2),
        optionsType: optionsType.pad,
        constants: [{ shape: [4, 2], values: [0, 0, top, bottom, left, right, 0, op.channels ?? 0] }],
      };
    }
    case 'resize_nearest_neighbor':
    case 'resize_bilinear': {
      const nearest = op.kind === 'resize_nearest_neighbor';
      return {
        ...plain(nearest ? 'RESIZE_NEAREST_NEIGHBOR' : 'RESIZE_BILINEAR', 2),
        optionsType: nearest ? optionsType.resizeNearestNeighbor : optionsType.resizeBilinear,
        constants: [{ shape: [2], values: output.slice(0, 2) }],
      };
    }
    case 'softmax':
      return {
        ...plain('SOFTMAX', 2),
        optionsType: optionsType.softmax,
        options: [[field.softmax.beta, float32(1)]],
      };
    case 'leaky_relu':
      return {
        ...plain('LEAKY_RELU', 1),
        optionsType: optionsType.leakyRelu,
        options: [[field.leakyRelu.alpha, float32(op.parameter ?? 0)]],
      };
    case 'hard_swish':
      return { ...plain('HARD_SWISH', 1), optionsType: optionsType.hardSwish };
    case 'relu':
    case 'relu6':
    case 'logistic':
    case 'tanh':
      return plain(op.kind.toUpperCase(), 2);
    case 'quantize':
      return { ...plain('QUANTIZE', 1), optionsType: optionsType.quantize };
    case 'dequantize':
      return { ...plain('DEQUANTIZE', 2), optionsType: optionsType.dequantize };
    case 'dropout':
    case 'other':
      throw new UnsupportedModel(
        `"${op.name}" (${op.kind === 'other' ? op.tfliteName : op.kind}, ${counted(inputs.length, 'input')}) has no int8 form ` +
          'that can be exported. Remove the layer or choose another operator.',
      );
  }
}

/**
 * The oldest TFLite runtime that knows an operator in the version written here
 * (`tensorflow/lite/tools/versioning/runtime_version.cc`). All others are of 1.14.0 or older.
 */
const newerThan114: Readonly<Record<string, string>> = {
  'MUL 3': '1.15.0',
  'HARD_SWISH 1': '1.15.0',
  'RELU 2': '2.1.0',
  'CONV_2D 6': '2.9.0',
};

/** `operators` as `NAME version`; the result as `major.minor.patch`. */
export function minimumRuntimeVersion(operators: Iterable<string>): string {
  const rank = (version: string) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  let newest = '1.14.0';
  for (const operator of operators) {
    const needed = newerThan114[operator];
    if (needed !== undefined && rank(needed) > rank(newest)) newest = needed;
  }
  return newest;
}
