/** The transposed convolution: the gradient of a convolution with regard to its input. */

import * as tf from '@tensorflow/tfjs-core';
import { rowOf } from '../../operators/catalogue.ts';
import type { OpTemplate, Pair } from '../../space/network.ts';
import { clampInt8, multiply } from '../int8/fixed-point.ts';
import { convFilterGrad, convInputGrad } from '../kernels/gradients.ts';
import { convolve } from './convolution.ts';
import type { Weighted } from './weighted.ts';
import { paddingBefore } from './window.ts';

type Transposed = OpTemplate<'transpose_conv'>;

const undilated: Pair = [1, 1];

/** Weights `[kh, kw, in, out]` in training. */
const transposeConv: Weighted<Transposed> = {
  shape: ({ kernel, filters }, input) => [...kernel, input.at(-1) ?? 1, filters],
  folded: ([kh = 1, kw = 1, c = 1], outputs) => [outputs, kh, kw, c],
  linear: (op, x, weights, isFolded) =>
    spread(
      op,
      x as tf.Tensor4D,
      tf.transpose(weights as tf.Tensor4D, isFolded ? [1, 2, 0, 3] : [0, 1, 3, 2]),
    ),
  // What falls on one place of the output, gathered, so that its sum needs no memory.
  step(op, { buffer }, at, x, y) {
    const [height = 1, width = 1, channels = 1] = x.shape;
    const [outHeight = 1, outWidth = 1, outputs = 1] = y.shape;
    const [kh, kw] = op.kernel;
    const [top, left] = paddingBefore(op, undilated, y.shape, x.shape);
    const rows = places(outHeight, height, kh, op.stride[0], top);
    const columns = places(outWidth, width, kw, op.stride[1], left);
    const weights = new Int16Array(buffer, at.weights, at.stride * outputs);
    const bias = new Int32Array(buffer, at.bias, outputs);
    const shifts = new Int32Array(buffer, at.shift, outputs);
    const factors = Array.from(new Int32Array(buffer, at.multiplier, outputs), (value, o) => ({
      value,
      shift: shifts[o] ?? 0,
    }));
    const put = (to: number, met: readonly (readonly [from: number, tap: number])[]): void => {
      factors.forEach((factor, o) => {
        let sum = bias[o] ?? 0;
        for (const [from, tap] of met) {
          const own = o * at.stride + tap;
          for (let c = 0; c < channels; c++)
            sum += ((x.data[from + c] ?? 0) - x.zero) * (weights[own + c] ?? 0);
        }
        y.data[to + o] = clampInt8(multiply(sum, factor) + y.zero);
      });
    };
    return () => {
      rows.forEach((inRow, row) => {
        columns.forEach((inColumn, column) => {
          const met = inRow.flatMap(([r, i]) =>
            inColumn.map(([c, j]) => [(r * width + c) * channels, (i * kw + j) * channels] as const),
          );
          put((row * outWidth + column) * outputs, met);
        });
      });
    };
  },
};

export const transposedConvolutions = { transpose_conv: transposeConv };

/** Along one axis, for each place of the output: which places of the input add to it, through which taps of the kernel. */
function places(
  outputs: number,
  inputs: number,
  kernel: number,
  stride: number,
  before: number,
): readonly (readonly (readonly [place: number, tap: number])[])[] {
  return Array.from({ length: outputs }, (_, at) =>
    Array.from({ length: kernel }, (_, tap) => [(at + before - tap) / stride, tap] as const).filter(
      ([place]) => Number.isInteger(place) && place >= 0 && place < inputs,
    ),
  );
}

/** `[n, h, w, c]` by `[kh, kw, out, c]`; tfjs's WebAssembly backend does not differentiate its own. */
function spread(op: Transposed, input: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const [made] = rowOf(op.kind).outputs(op, [{ shape: [height, width, channels], dtype: 'float32' }]).outputs;
  const [outHeight = 1, outWidth = 1, outputs = 1] = made?.shape ?? [];
  const info = tf.backend_util.computeConv2DInfo(
    [batch, outHeight, outWidth, outputs],
    filter.shape,
    [...op.stride],
    [...undilated],
    op.padding,
  );
  const run = tf.customGrad((x, f, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor, f as tf.Tensor]);
    return {
      value: convInputGrad(x as tf.Tensor4D, f as tf.Tensor4D, info),
      gradFunc: (g: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedInput, savedFilter] = saved as [tf.Tensor4D, tf.Tensor4D];
        const dy = g as tf.Tensor4D;
        return [
          convolve(dy, savedFilter, { stride: op.stride, padding: op.padding, dilation: undilated }, false),
          convFilterGrad(dy, savedInput, info),
        ];
      },
    };
  });
  return run(input, filter);
}
