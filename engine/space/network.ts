/**
 * A decided network: what an architecture becomes when every choice is fixed. The one form that pricing,
 * training, quantisation and export share. Tensors carry no batch dimension; the batch at inference is 1.
 */

import type { Span } from '../../grammar/ast.ts';

/**
 * `[height, width, channels]` for feature maps, `[features]` for vectors. All entries are >= 1, but for a tensor of a
 * `.tflite` that holds nothing, such as what an operator without an output puts out: `[0]`.
 */
export type Shape = readonly number[];

/** `int64` stands for whatever takes eight bytes: only a `.tflite` holds it. */
export type DType = 'int8' | 'uint8' | 'int16' | 'int32' | 'int64' | 'float32';

/** More elements (or channels, or units) than a 32-bit microcontroller or TFLite's integers can address. */
export const MOST_ELEMENTS = 2 ** 31;

export const bytesPerElement: Readonly<Record<DType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float32: 4,
};

/** Where an operator comes from in the text. */
export interface SourceRef extends Span {
  /** The file's URI or path, as given to the analysis. */
  readonly file: string;
  /** Zero-based line of `start`. */
  readonly line: number;
}

/** Activations that TFLite can fuse into the operator before them. */
export type FusedActivation = 'none' | 'relu' | 'relu6' | 'tanh';

/** An activation tensor (never weights; those belong to their operator). */
export interface Tensor {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

interface OpBase {
  /** Position in {@link Network.ops}; operators run in this order. */
  readonly index: number;
  /** Stable, readable and unique in the network, e.g. `MB.2/conv.1`. */
  readonly name: string;
  /** Tensor ids. */
  readonly inputs: readonly number[];
  readonly output: number;
  readonly source: SourceRef;
  /**
   * Number format of what it works on, by its name in the schema of a `.tflite`, where its first input does not say it:
   * that is none of {@link DType} (`float16`, `bool`), or a constant, or another input counts.
   */
  readonly format?: string;
}

/** `[height, width]` */
export type Pair = readonly [number, number];

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: 'same' | 'valid';
}

interface Weighted {
  readonly activation: FusedActivation;
  readonly bias: boolean;
  /** Trained with batch normalisation after it, folded into weights and bias at export. */
  readonly batchNorm: boolean;
}

/** Weights `[out, kh, kw, in / groups]` as TFLite stores them. */
export interface Conv2D extends OpBase, Window, Weighted {
  readonly kind: 'conv_2d';
  readonly filters: number;
  readonly dilation: Pair;
  readonly groups: number;
}

/** Weights `[1, kh, kw, in * depthMultiplier]`. */
export interface DepthwiseConv2D extends OpBase, Window, Weighted {
  readonly kind: 'depthwise_conv_2d';
  readonly depthMultiplier: number;
  readonly dilation: Pair;
}

/** Flattens its input, or takes it row by row. Weights `[units, in]`. */
export interface FullyConnected extends OpBase, Weighted {
  readonly kind: 'fully_connected';
  readonly units: number;
}

export interface Pool2D extends OpBase, Window {
  readonly kind: 'average_pool_2d' | 'max_pool_2d';
  readonly activation: FusedActivation;
}

/** Elementwise on two tensors of equal shape, or of which one has one value per channel: see `broadcast.ts`. */
export interface Elementwise extends OpBase {
  readonly kind: 'add' | 'mul' | 'sub';
  readonly activation: FusedActivation;
}

/** Along the channels, or along `axis` (0 is the height) when it is given. */
export interface Concatenation extends OpBase {
  readonly kind: 'concatenation';
  readonly axis?: number;
}

/** Over height and width, `[h, w, c] -> [c]` (global average pool) or maximum. */
export interface GlobalReduce extends OpBase {
  readonly kind: 'mean' | 'reduce_max';
}

/** One input, same shape out. */
export interface Activation extends OpBase {
  readonly kind: 'relu' | 'relu6' | 'hard_swish' | 'logistic' | 'tanh' | 'softmax' | 'leaky_relu' | 'dropout';
  /** Slope of `leaky_relu`, rate of `dropout` (training only; removed before pricing). */
  readonly parameter: number | undefined;
}

export interface Reshape extends OpBase {
  readonly kind: 'reshape';
}

/** Zero padding: rows before/after, columns before/after. */
export interface Pad extends OpBase {
  readonly kind: 'pad';
  readonly before: Pair;
  readonly after: Pair;
  /** Channels of zeros after the last; none when absent. */
  readonly channels?: number;
}

export interface Resize extends OpBase {
  readonly kind: 'resize_nearest_neighbor' | 'resize_bilinear';
}

/** Changes of number format at the ends of a network. */
export interface Requantize extends OpBase {
  readonly kind: 'quantize' | 'dequantize';
}

/**
 * Operators that a published `.tflite` may hold and a `.nas` file cannot say; they are priced by the bytes
 * they move, or not at all. `tfliteName` is the name in the TFLite schema's BuiltinOperator.
 */
export interface OtherOp extends OpBase {
  readonly kind: 'other';
  readonly tfliteName: string;
  readonly weightBytes: number;
  /** Multiply-accumulates; 0 with {@link uncounted}. */
  readonly macs: number;
  /** It multiplies, or may, and nobody can say how often: a sum with it is partial. */
  readonly uncounted?: true;
  /** What it puts out beside {@link OpBase.output}, as a split does; nothing when absent. */
  readonly moreOutputs?: readonly number[];
  /** Elements of the operands that a product of matrices reads across their rows; none when absent. */
  readonly crossed?: number;
  /** Filters of an SVDF, units of a recurrent layer; none when absent. */
  readonly units?: number;
}

export type Op =
  | Conv2D
  | DepthwiseConv2D
  | FullyConnected
  | Pool2D
  | Elementwise
  | Concatenation
  | GlobalReduce
  | Activation
  | Reshape
  | Pad
  | Resize
  | Requantize
  | OtherOp;

export type OpKind = Op['kind'];

/** What a network remembers from one inference to the next. */
export interface Kept {
  readonly name: string;
  /** The tensor that holds it, or `undefined` for a variable that operators read and write by its name. */
  readonly tensor: number | undefined;
  readonly bytes: number;
}

export interface Network {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly ops: readonly Op[];
  /** Nothing when absent. */
  readonly kept?: readonly Kept[];
}
