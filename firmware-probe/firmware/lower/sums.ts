/** Calls of the kernels that multiply by weights. */

import type { Call } from './call.ts';
import { packSums, type Sums } from './weights.ts';

type Pair = readonly [number, number];
type Extents = readonly [height: number, width: number, channels: number];

export interface Convolution {
  readonly input: Extents;
  readonly output: Extents;
  /** Elements between output rows and between pixels, and where the first begins, unless they are one after the other. */
  readonly spread?: { readonly first: number; readonly row: number; readonly pixel: number };
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Padding above and on the left. */
  readonly before: Pair;
  readonly groups: number;
  readonly outputZero: number;
  readonly low: number;
  readonly high: number;
  readonly sums: Sums;
}

export function convolutionCall(kernel: 'conv2d' | 'depthwise_conv2d', layer: Convolution): Call {
  const [inHeight, inWidth, inChannels] = layer.input;
  const [outHeight, outWidth, outChannels] = layer.output;
  const { weights, channels } = packSums(layer.sums);
  return {
    kernel,
    numbers: {
      in_height: inHeight,
      in_width: inWidth,
      in_channels: inChannels,
      out_height: outHeight,
      out_width: outWidth,
      out_channels: outChannels,
      out_first: layer.spread?.first ?? 0,
      out_row: layer.spread?.row ?? outWidth * outChannels,
      out_pixel: layer.spread?.pixel ?? outChannels,
      kernel_height: layer.kernel[0],
      kernel_width: layer.kernel[1],
      stride_height: layer.stride[0],
      stride_width: layer.stride[1],
      dilation_height: layer.dilation[0],
      dilation_width: layer.dilation[1],
      pad_top: layer.before[0],
      pad_left: layer.before[1],
      groups: layer.groups,
      in_zero: layer.sums.inputZero,
      out_zero: layer.outputZero,
      low: layer.low,
      high: layer.high,
    },
    arrays: { weights, channels },
    inputs: [0],
  };
}

/** All outputs have one scale. */
export function fullyConnectedCall(sums: Sums, outputZero: number, low = -128, high = 127): Call {
  const { weights, channels } = packSums(sums);
  const [{ multiplier, shift, right } = { multiplier: 0, shift: 0, right: 0 }] = channels;
  return {
    kernel: 'fully_connected',
    numbers: {
      inputs: sums.weights.length / channels.length,
      outputs: channels.length,
      multiplier,
      shift,
      right,
      out_zero: outputZero,
      low,
      high,
    },
    arrays: { weights, bias: Int32Array.from(channels, ({ bias }) => bias) },
    inputs: [0],
  };
}
