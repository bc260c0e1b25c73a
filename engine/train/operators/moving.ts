/** Operators that put values elsewhere and leave them as they are. */

import * as tf from '@tensorflow/tfjs-core';
import { alongOf, withBatch } from '../../operators/axis.ts';
import { elementsOf, type OpTemplate, type Shape } from '../../space/network.ts';
import { kernels, type Kernels, type Quantized } from './kernels.ts';

/** Elements from one place along an axis to the next, in rows. */
export const stridesOf = (shape: Shape): readonly number[] =>
  shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));

/** Where each element of the output comes from: `first`, and a step along each axis of the output. */
function sources(shape: Shape, steps: readonly number[], first = 0): Int32Array {
  const strides = stridesOf(shape);
  return Int32Array.from({ length: elementsOf(shape) }, (_, at) =>
    strides.reduce(
      (from, stride, axis) => from + (Math.floor(at / stride) % (shape[axis] ?? 1)) * (steps[axis] ?? 0),
      first,
    ),
  );
}

const gather =
  ({ data }: Quantized, from: Int32Array, y: Quantized) =>
  () => {
    for (let i = 0; i < from.length; i++) y.data[i] = data[from[i] ?? 0] ?? 0;
  };

export const moves = {
  transpose: kernels<OpTemplate<'transpose'>>(
    ({ axes }, [x]) => tf.transpose(x, [0, ...axes.map((axis) => axis + 1)]),
    ({ axes }, [x], y) => {
      const strides = stridesOf(x.shape);
      const steps = axes.map((axis) => strides[axis] ?? 0);
      return gather(x, sources(y.shape, steps), y);
    },
  ),

  slice: kernels<OpTemplate<'slice'>>(
    ({ begin, size }, [x]) => {
      const from = size.map((_, axis) => begin[axis] ?? 0);
      return tf.slice(x, [0, ...from], [x.shape[0], ...size]);
    },
    ({ begin }, [x], y) => {
      const strides = stridesOf(x.shape);
      const first = strides.reduce((sum, stride, axis) => sum + stride * (begin[axis] ?? 0), 0);
      return gather(x, sources(y.shape, strides, first), y);
    },
  ),

  split: {
    forward: ({ parts, axis }, [x]) => tf.split(x, parts, withBatch(axis, x.rank - 1)),
    int8({ axis }, [x], outputs) {
      const along = alongOf(axis, x.shape.length);
      const run = elementsOf(outputs[0].shape.slice(along));
      return () => {
        for (let from = 0, to = 0; from < x.data.length; to += run)
          for (const { data } of outputs) data.set(x.data.subarray(from, (from += run)), to);
      };
    },
  } satisfies Kernels<OpTemplate<'split'>>,
};
