/** Convolutions in two dimensions. */

import * as tf from '@tensorflow/tfjs-core';
import type { OpTemplate, Pair } from '../../space/network.ts';
import type { Int8Memory } from '../int8/memory.ts';
import {
  convFilterGrad,
  convInputGrad,
  depthwiseFilterGrad,
  depthwiseInputGrad,
} from '../kernels/gradients.ts';
import { limits } from './kernels.ts';
import type { Addressed, Placed, Weighted } from './weighted.ts';
import { paddingBefore } from './window.ts';

/** Weights `[kh, kw, in / groups, out]` in training. */
const conv2d: Weighted<OpTemplate<'conv_2d'>> = {
  shape: ({ kernel, groups, filters }, input) => [...kernel, (input.at(-1) ?? 1) / groups, filters],
  folded: ([kh = 1, kw = 1, c = 1], outputs) => [outputs, kh, kw, c],
  linear: (op, x, weights, isFolded) => grouped(op, x as tf.Tensor4D, isFolded ? toFilter(weights) : weights),
  step: convolutionStep,
};

/** Weights `[kh, kw, in, multiplier]` in training. */
const depthwiseConv2d: Weighted<OpTemplate<'depthwise_conv_2d'>> = {
  shape: ({ kernel, depthMultiplier }, input) => [...kernel, input.at(-1) ?? 1, depthMultiplier],
  folded: ([kh = 1, kw = 1], outputs) => [1, kh, kw, outputs],
  linear(op, x, weights, isFolded) {
    const filter = isFolded ? tf.reshape(weights, [...op.kernel, -1, op.depthMultiplier]) : weights;
    return convolve(x as tf.Tensor4D, filter as tf.Tensor4D, op, true);
  },
  step(op, memory, at, x, y) {
    const { numbers, image, window, range } = callOf(op, at, x, y, 0, x.shape[2] ?? 1, op.depthMultiplier);
    const call = [...numbers, ...image, ...window, ...range];
    return () => memory.depthwise(...call);
  },
};

export const convolutions = { conv_2d: conv2d, depthwise_conv_2d: depthwiseConv2d };

/** `[out, kh, kw, in]` -> `[kh, kw, in, out]`. */
function toFilter(weights: tf.Tensor): tf.Tensor {
  const [out = 1, kh = 1, kw = 1, c = 1] = weights.shape;
  return tf.reshape(tf.transpose(weights, [1, 2, 3, 0]), [kh, kw, c, out]);
}

/** `filter` is `[kh, kw, in / groups, out]`; tfjs has no groups of its own. */
function grouped(op: OpTemplate<'conv_2d'>, x: tf.Tensor4D, filter: tf.Tensor): tf.Tensor {
  if (op.groups === 1) return convolve(x, filter as tf.Tensor4D, op, false);
  const inputs: tf.Tensor4D[] = tf.split(x, op.groups, 3);
  const filters: tf.Tensor4D[] = tf.split(filter, op.groups, 3);
  return tf.concat(
    inputs.map((part, g) => convolve(part, filters[g] as tf.Tensor4D, op, false)),
    3,
  );
}

type Window = Pick<OpTemplate<'conv_2d'>, 'stride' | 'dilation' | 'padding'>;

const undilated = ({ dilation: [h, w] }: Window): boolean => h === 1 && w === 1;
const pair = ([h, w]: Pair): [number, number] => [h, w];

/**
 * 2-D convolution, `[n, h, w, c]` by `[kh, kw, c, k]`, or depthwise by `[kh, kw, c, multiplier]`. tfjs refuses to
 * differentiate dilated ones.
 */
export function convolve(
  input: tf.Tensor4D,
  filter: tf.Tensor4D,
  window: Window,
  depthwise: boolean,
): tf.Tensor4D {
  const { x, padding } = padExplicitly(input, filter, window);
  const stride = pair(window.stride);
  const dilation = pair(window.dilation);
  const run = (a: tf.Tensor4D, f: tf.Tensor4D): tf.Tensor4D => {
    const inputs = { x: a, filter: f };
    const attributes = { strides: stride, pad: padding, dilations: dilation, dataFormat: 'NHWC' };
    return tf.engine().runKernel(depthwise ? 'DepthwiseConv2dNative' : 'Conv2D', inputs, attributes);
  };
  if (undilated(window)) return run(x, filter);
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filter.shape,
    stride,
    dilation,
    padding,
    undefined,
    depthwise,
  );
  const op = tf.customGrad((a, f, save) => {
    const input = a as tf.Tensor4D;
    const weights = f as tf.Tensor4D;
    (save as tf.GradSaveFunc)([input, weights]);
    return {
      value: run(input, weights),
      gradFunc: (g: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedInput, savedWeights] = saved as [tf.Tensor4D, tf.Tensor4D];
        const dy = g as tf.Tensor4D;
        return depthwise
          ? [depthwiseInputGrad(dy, savedWeights, info), depthwiseFilterGrad(savedInput, dy, info)]
          : [convInputGrad(dy, savedWeights, info), convFilterGrad(savedInput, dy, info)];
      },
    };
  });
  return op(x, filter);
}

/**
 * Padding `same` as explicit zeros and `valid`, where a stride beyond the window leaves pixels at the end that no window
 * reaches: there tfjs's WebAssembly kernels compute something else (their padding comes out below zero).
 */
function padExplicitly(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, dilation, padding }: Window,
): { x: tf.Tensor4D; padding: 'same' | 'valid' } {
  if (padding === 'valid') return { x, padding };
  const missing = ([0, 1] as const).map((axis) => {
    const size = x.shape[axis === 0 ? 1 : 2];
    const last = (Math.ceil(size / stride[axis]) - 1) * stride[axis];
    return last + (filter.shape[axis] - 1) * dilation[axis] + 1 - size;
  });
  if (missing.every((pixels) => pixels >= 0)) return { x, padding };
  const [rows, columns] = missing.map((pixels): [number, number] => {
    const all = Math.max(0, pixels);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  }) as [[number, number], [number, number]];
  const none = rows[1] === 0 && columns[1] === 0;
  return { x: none ? x : tf.pad4d(x, [[0, 0], rows, columns, [0, 0]]), padding: 'valid' };
}

/** What the compiled kernels need to know. */
type Geometry = Omit<OpTemplate<'depthwise_conv_2d'>, 'kind' | 'depthMultiplier' | 'bias' | 'batchNorm'>;

/** What the compiled kernels are called with, for output channels from `first` on. */
function callOf(
  op: Geometry,
  at: Placed,
  x: Addressed,
  y: Addressed,
  first: number,
  own: number,
  made: number,
) {
  const [height = 1, width = 1] = x.shape;
  const [outHeight = 1, outWidth = 1] = y.shape;
  const { low, high } = limits(op.activation, y);
  const perOutput = [at.bias, at.multiplier, at.shift].map((address) => address + 4 * first);
  return {
    numbers: [x.address, at.weights + 2 * at.stride * first, ...perOutput, y.address, at.scratch],
    image: [height, width, own, outHeight, outWidth, made],
    window: [...op.kernel, ...op.stride, ...op.dilation, ...paddingBefore(op, op.dilation, x.shape, y.shape)],
    range: [x.zero, y.zero, low, high],
  };
}

export function convolutionStep(
  op: Geometry & { readonly groups: number },
  memory: Int8Memory,
  at: Placed,
  x: Addressed,
  y: Addressed,
): () => void {
  const [channels, outputs] = [x.shape[2] ?? 1, y.shape[2] ?? 1];
  const own = channels / op.groups;
  const made = outputs / op.groups;
  const calls = Array.from({ length: op.groups }, (_, g) => {
    const { numbers, image, window, range } = callOf(op, at, x, y, made * g, own, made);
    return [...numbers, ...image, at.stride, ...window, channels, own * g, outputs, made * g, ...range];
  });
  return () => {
    for (const call of calls) memory.convolution(...call);
  };
}
