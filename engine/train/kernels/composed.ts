/**
 * Gradients of convolutions composed from kernels that every tfjs backend has. They serve where a backend lacks
 * the gradient (WebAssembly) or refuses it (dilation, on all backends) and the native kernels are not at hand.
 *
 * x `[n, h, w, c]`, dy `[n, oh, ow, k]`, filters `[kh, kw, c, k]`, depthwise `[kh, kw, c, multiplier]`.
 */

import * as tf from '@tensorflow/tfjs-core';

export type ConvInfo = tf.backend_util.Conv2DInfo;

/** Places of a window, row by row. */
function places(info: ConvInfo): { row: number; column: number }[] {
  const out = [];
  for (let row = 0; row < info.filterHeight; row++)
    for (let column = 0; column < info.filterWidth; column++) out.push({ row, column });
  return out;
}

/** Height and width of the padded input that the windows reach. */
function reach(info: ConvInfo): { height: number; width: number } {
  const height = (info.outHeight - 1) * info.strideHeight + (info.filterHeight - 1) * info.dilationHeight + 1;
  const width = (info.outWidth - 1) * info.strideWidth + (info.filterWidth - 1) * info.dilationWidth + 1;
  return { height, width };
}

/** The padded input, cut to what the windows reach. */
function padInput(x: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { height, width } = reach(info);
  const { top, left } = info.padInfo;
  const padded = tf.pad4d(x, [
    [0, 0],
    [top, Math.max(0, height - info.inHeight - top)],
    [left, Math.max(0, width - info.inWidth - left)],
    [0, 0],
  ]);
  return tf.slice4d(padded, [0, 0, 0, 0], [info.batchSize, height, width, info.inChannels]);
}

/** Undoes {@link padInput}. */
function cropInput(x: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const [n, height, width, c] = x.shape;
  const { top, left } = info.padInfo;
  const padded = tf.pad4d(x, [
    [0, 0],
    [0, Math.max(0, top + info.inHeight - height)],
    [0, Math.max(0, left + info.inWidth - width)],
    [0, 0],
  ]);
  return tf.slice4d(padded, [0, top, left, 0], [n, info.inHeight, info.inWidth, c]);
}

/** Spreads `[n, h, w, c]` to `[n, (h - 1) * sh + 1, (w - 1) * sw + 1, c]` with zeros between. */
function spread(x: tf.Tensor4D, sh: number, sw: number): tf.Tensor4D {
  if (sh === 1 && sw === 1) return x;
  const [n, h, w, c] = x.shape;
  const rows = tf.concat([tf.reshape(x, [n, h, 1, w * c]), tf.zeros([n, h, sh - 1, w * c])], 2);
  const tall = tf.reshape(rows, [n * h * sh, w, 1, c]);
  const wide = tf.concat([tall, tf.zeros([n * h * sh, w, sw - 1, c])], 2);
  const full: tf.Tensor4D = tf.reshape(wide, [n, h * sh, w * sw, c]);
  return tf.slice4d(full, [0, 0, 0, 0], [n, (h - 1) * sh + 1, (w - 1) * sw + 1, c]);
}

/**
 * The gradient of the filter is a convolution of the transposed input with the transposed output gradient, in
 * which strides and dilations have changed places.
 */
export function convFilterGrad(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const input = tf.transpose(padInput(x, info), [3, 1, 2, 0]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const wide = tf.engine().runKernel<tf.Tensor4D>(
    'Conv2D',
    { x: input, filter },
    {
      strides: [info.dilationHeight, info.dilationWidth],
      dilations: [info.strideHeight, info.strideWidth],
      pad: 'valid',
      dataFormat: 'NHWC',
    },
  );
  const cut = tf.slice4d(
    wide,
    [0, 0, 0, 0],
    [info.inChannels, info.filterHeight, info.filterWidth, info.outChannels],
  );
  return tf.transpose(cut, [1, 2, 0, 3]);
}

/** The gradient of the input: the output gradient, spread by the stride, convolved with the mirrored filter. */
export function convInputGrad(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const rows = (info.filterHeight - 1) * info.dilationHeight;
  const columns = (info.filterWidth - 1) * info.dilationWidth;
  const padded = tf.pad4d(spread(dy, info.strideHeight, info.strideWidth), [
    [0, 0],
    [rows, rows],
    [columns, columns],
    [0, 0],
  ]);
  const mirrored = tf.transpose(tf.reverse4d(filter, [0, 1]), [0, 1, 3, 2]);
  return cropInput(
    tf.conv2d(padded, mirrored, 1, 'valid', 'NHWC', [info.dilationHeight, info.dilationWidth]),
    info,
  );
}

/** For each place of the window: the inputs that it saw, times the output gradient, summed. */
export function depthwiseFilterGrad(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { inChannels: c, outHeight, outWidth, batchSize } = info;
  const multiplier = info.outChannels / c;
  const padded = padInput(x, info);
  const g = tf.reshape(dy, [batchSize * outHeight * outWidth, c, multiplier]);
  const sums = places(info).map(({ row, column }) => {
    const top = row * info.dilationHeight;
    const left = column * info.dilationWidth;
    const seen = tf.stridedSlice(
      padded,
      [0, top, left, 0],
      [
        batchSize,
        top + (outHeight - 1) * info.strideHeight + 1,
        left + (outWidth - 1) * info.strideWidth + 1,
        c,
      ],
      [1, info.strideHeight, info.strideWidth, 1],
    );
    return tf.sum(tf.mul(tf.reshape(seen, [batchSize * outHeight * outWidth, c, 1]), g), 0);
  });
  return tf.reshape(tf.stack(sums), [info.filterHeight, info.filterWidth, c, multiplier]);
}

/** For each place of the window: the output gradient times the weight there, moved to where it came from. */
export function depthwiseInputGrad(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { inChannels: c, outHeight, outWidth, batchSize } = info;
  const multiplier = info.outChannels / c;
  const { height, width } = reach(info);
  const g = tf.reshape(dy, [batchSize * outHeight * outWidth, c, multiplier]);
  const parts = places(info).map(({ row, column }) => {
    const weight = tf.reshape(tf.slice(filter, [row, column, 0, 0], [1, 1, c, multiplier]), [
      1,
      c,
      multiplier,
    ]);
    const part: tf.Tensor4D = tf.reshape(tf.sum(tf.mul(g, weight), 2), [batchSize, outHeight, outWidth, c]);
    const wide = spread(part, info.strideHeight, info.strideWidth);
    const top = row * info.dilationHeight;
    const left = column * info.dilationWidth;
    return tf.pad4d(wide, [
      [0, 0],
      [top, height - top - wide.shape[1]],
      [left, width - left - wide.shape[2]],
      [0, 0],
    ]);
  });
  return cropInput(tf.addN(parts), info);
}
