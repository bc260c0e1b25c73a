/**
 * What `nas_..._scratch` of `../kernels` says, for whoever lays memory out before there is a program. A test holds both
 * together on every core.
 */

import type { Call } from './call.ts';

/** Cores by their kernels, as `nas_core.h` tells them apart. */
export const families = ['plain', 'dsp', 'mve'] as const;
export type Family = (typeof families)[number];

/** Rows of a depthwise convolution are kept as far as they fit into so many bytes: `NAS_BAND_BYTES`. */
const BAND_BYTES = 3072;
const POINTER_BYTES = 4;

type Numbers = Readonly<Record<string, number>>;

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
const extent = (size: number, dilation: number): number => (size - 1) * dilation + 1;

/** Cells of the rows in memory: `nas_band_of`. */
function bandCells(layer: Numbers, cellBytes: number, grain: number, together: number): number {
  const {
    out_width: outWidth = 1,
    out_height: outHeight = 1,
    stride_width: strideWidth = 1,
    stride_height: strideHeight = 1,
    kernel_width: kernelWidth = 1,
    kernel_height: kernelHeight = 1,
    dilation_width: dilationWidth = 1,
    dilation_height: dilationHeight = 1,
  } = layer;
  const columns = (roundUp(outWidth, together) - 1) * strideWidth + (kernelWidth - 1) * dilationWidth;
  const pitch = Math.trunc(columns / grain) + 1;
  const reach = extent(kernelHeight, dilationHeight);
  const fitting = Math.trunc(BAND_BYTES / (pitch * cellBytes));
  const outputs = fitting < reach ? 1 : Math.min(Math.trunc((fitting - reach) / strideHeight) + 1, outHeight);
  return ((outputs - 1) * strideHeight + reach) * pitch;
}

const convolution =
  (blockBytes: number) =>
  ({ kernel_height: height = 1, kernel_width: width = 1, in_channels: channels = 1, groups = 1 }: Numbers) =>
    (blockBytes + 1) * roundUp(height * width * (channels / groups), 4);

const depthwise: Readonly<Record<Family, (layer: Numbers) => number>> = {
  plain(layer) {
    const { kernel_height: height = 1, kernel_width: width = 1 } = layer;
    return 8 * roundUp(height * width, 2) + 4 * bandCells(layer, 4, 1, 4);
  },
  dsp(layer) {
    const {
      kernel_height: height = 1,
      kernel_width: width = 1,
      stride_width: stride,
      dilation_width: step,
    } = layer;
    const grain = stride === 2 && step === 1 ? 2 : 1;
    return 20 * height * Math.ceil(width / 2) + 16 * bandCells(layer, 16, grain, 1);
  },
  mve: ({ kernel_height: height = 1, kernel_width: width = 1, in_channels: channels = 1 }) =>
    4 * POINTER_BYTES * height * width + roundUp(channels, 4),
};

const convolutions = { plain: convolution(8), dsp: convolution(8), mve: convolution(4) } as const;

/** Bytes. */
export function scratchOf({ kernel, numbers }: Call, family: Family): number {
  if (kernel === 'conv2d') return convolutions[family](numbers);
  return kernel === 'depthwise_conv2d' ? depthwise[family](numbers) : 0;
}
