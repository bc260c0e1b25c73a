/**
 * A network with numbers in it: what training makes, what quantisation makes, what export writes.
 * The contract between `engine/train` and `engine/model`.
 */

import type { Network } from './network.ts';

/** Weights of one operator after batch normalisation has been folded in. */
export interface FloatParameters {
  /**
   * conv_2d `[out, kh, kw, in / groups]`, depthwise_conv_2d `[1, kh, kw, in * multiplier]`,
   * fully_connected `[units, in]`: row-major, the order of TFLite.
   */
  readonly weights: Float32Array;
  readonly weightShape: readonly number[];
  readonly bias: Float32Array;
}

export interface TrainedNetwork {
  readonly network: Network;
  /** By operator index; only operators that have weights. */
  readonly parameters: ReadonlyMap<number, FloatParameters>;
}

/** `real = scale * (q - zeroPoint)`, one entry (per tensor) or one per channel. */
export interface QuantizationParameters {
  readonly scale: Float32Array;
  readonly zeroPoint: Int32Array;
}

export interface Int8Parameters {
  /** Same order as {@link FloatParameters.weights}; symmetric, zero point 0, per output channel (per tensor for fully_connected). */
  readonly weights: Int8Array;
  readonly weightShape: readonly number[];
  readonly weightQuantization: QuantizationParameters;
  /** Scale is input scale times weight scale, zero point 0. */
  readonly bias: Int32Array;
}

/**
 * An int8 network by the TFLite 8-bit quantisation specification
 * (https://ai.google.dev/edge/litert/models/quantization_spec): activations asymmetric per tensor,
 * weights symmetric, per output channel for convolutions, bias int32. Tensors into and out of pooling, reshape
 * and concatenation share quantisation where the specification demands it; softmax and logistic put out
 * scale 1/256, zero point -128.
 */
export interface QuantizedNetwork {
  readonly network: Network;
  /** By tensor id; every activation tensor has one, per tensor. */
  readonly activations: ReadonlyMap<number, QuantizationParameters>;
  /** By operator index. */
  readonly parameters: ReadonlyMap<number, Int8Parameters>;
}

/** How samples become those of another size, where the input of a network is a choice. */
export const RESIZING = 'bilinear with half-pixel centres, as the RESIZE_BILINEAR of TensorFlow Lite';
