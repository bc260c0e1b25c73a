/** Activations: in floats, and of 8-bit values as tables of 256 entries, by input + 128. */

import * as tf from '@tensorflow/tfjs-core';
import type { OpTemplate } from '../../space/network.ts';
import {
  clampInt8,
  hardSwishTable,
  multiply,
  quantizeMultiplier,
  roundAway,
  type FixedMultiplier,
} from '../int8/fixed-point.ts';
import type { Weighted } from './weighted.ts';
import { copied, kernels, type Kernels, type Quantized, type Scale } from './kernels.ts';

/** The kernels of what maps values one by one. */
export function valuewise<O>(
  forward: (x: tf.Tensor, op: O) => tf.Tensor,
  tableOf: (x: Scale, y: Scale, op: O) => Int8Array,
): Kernels<O> {
  return kernels(
    (op, [x]) => forward(x, op),
    (op, [x], y) => {
      const entries = tableOf(x, y, op);
      return () => {
        for (let i = 0; i < y.data.length; i++) y.data[i] = entries[(x.data[i] ?? 0) + 128] ?? 0;
      };
    },
  );
}

export const table = (entry: (q: number) => number): Int8Array =>
  Int8Array.from({ length: 256 }, (_, i) => clampInt8(entry(i - 128)));

/** From one quantisation to another (`Requantize`, also what RELU does before it clamps). */
export function rescale(x: Scale, y: Scale): (q: number) => number {
  const factor = quantizeMultiplier(x.scale / y.scale);
  return (q) => multiply(q - x.zero, factor) + y.zero;
}

/** By the function's value in floating point (`LUTPopulate`). */
const byValue =
  (f: (real: number) => number) =>
  (x: Scale, y: Scale): Int8Array => {
    const perStep = Math.fround(1 / y.scale);
    return table((q) => {
      const value = Math.fround(f(Math.fround(x.scale * (q - x.zero))));
      return roundAway(Math.fround(value * perStep)) + y.zero;
    });
  };

/** The error function, to some 1e-15: `2 exp(-x^2) / sqrt(pi) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...)` (DLMF 7.6.2). */
function erf(x: number): number {
  // From here on it is 1 in double precision.
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = 0;
  for (let n = 1; sum + term !== sum; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** GELU, in its two forms. */
const gaussian = {
  exact: (v: number): number => 0.5 * v * (1 + erf(v * Math.SQRT1_2)),
  byTanh: (v: number): number => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))),
};

export const activations = {
  relu: valuewise(
    (x) => tf.relu(x),
    (x, y) => {
      const scaled = rescale(x, y);
      return table((q) => Math.max(y.zero, scaled(q)));
    },
  ),

  relu6: valuewise(
    (x) => tf.relu6(x),
    (x, y) => {
      const scaled = rescale(x, y);
      const six = Math.min(127, y.zero + roundAway(Math.fround(6 / y.scale)));
      return table((q) => Math.min(six, Math.max(y.zero, scaled(q))));
    },
  ),

  /** `x * relu6(x + 3) / 6` (Howard et al. 2019, https://arxiv.org/abs/1905.02244). */
  hard_swish: valuewise(
    (x) => tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6)),
    (x, y) => hardSwishTable(x.scale, x.zero, y.scale, y.zero),
  ),

  logistic: valuewise(
    (x) => tf.sigmoid(x),
    byValue((v) => 1 / (1 + Math.exp(-v))),
  ),

  tanh: valuewise((x) => tf.tanh(x), byValue(Math.tanh)),

  elu: valuewise(
    (x) => tf.elu(x),
    byValue((v) => (v < 0 ? Math.expm1(v) : v)),
  ),

  gelu: valuewise<OpTemplate<'gelu'>>(
    (x, { approximate }) => {
      const gate = approximate
        ? tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))))))
        : tf.erf(tf.mul(x, Math.SQRT1_2));
      return tf.mul(tf.mul(x, 0.5), tf.add(gate, 1));
    },
    (x, y, { approximate }) => byValue(approximate ? gaussian.byTanh : gaussian.exact)(x, y),
  ),

  leaky_relu: valuewise<OpTemplate<'leaky_relu'>>(
    (x, { slope }) => tf.leakyRelu(x, slope),
    (x, y, op) => {
      const positive = rescale(x, y);
      const slope = Math.fround(op.slope);
      const negative = quantizeMultiplier(Math.fround(Math.fround(x.scale * slope) / y.scale));
      return table((q) => (q >= x.zero ? positive(q) : multiply(q - x.zero, negative) + y.zero));
    },
  ),

  softmax: kernels(
    (_, [x], { toLoss }) => (toLoss ? x : tf.softmax(x)),
    (_, [x], y) =>
      () =>
        shares(x, y),
  ),

  dropout: kernels<OpTemplate<'dropout'>>(({ rate }, [x], pass) => pass.dropout(x, rate), copied),
};

/** What values above zero, and those below times the slope, are multiplied by: in single precision, as PreluPrepare does. */
export const slopeFactors = (
  x: Scale,
  y: Scale,
  slopeScale: number,
): Readonly<Record<'positive' | 'negative', FixedMultiplier>> => ({
  positive: quantizeMultiplier(Math.fround(x.scale / y.scale)),
  negative: quantizeMultiplier(Math.fround(Math.fround(x.scale * slopeScale) / y.scale)),
});

/** A slope for each channel: weights `[c]`, or `[1, 1, c]` behind an image. */
const prelu: Weighted<OpTemplate<'prelu'>> = {
  // As its authors begin.
  initial: 0.25,
  shape: (_, input) => input.map((extent, axis) => (axis === input.length - 1 ? extent : 1)),
  folded: (shape) => shape,
  linear: (_, x, weights) => tf.sub(tf.relu(x), tf.mul(weights, tf.relu(tf.neg(x)))),
  /** `BroadcastPrelu4DSlow`. */
  step(_, _memory, _at, x, y, { weights, weightQuantization: { scale, zeroPoint } }) {
    const { positive, negative } = slopeFactors(x, y, scale[0] ?? 0);
    const slopes = Array.from(weights, (q) => q - (zeroPoint[0] ?? 0));
    const tables = slopes.map((slope) =>
      table((q) => {
        const value = q - x.zero;
        return (value >= 0 ? multiply(value, positive) : multiply(value * slope, negative)) + y.zero;
      }),
    );
    return () => {
      for (let i = 0; i < y.data.length; i++)
        y.data[i] = tables[i % tables.length]?.[(x.data[i] ?? 0) + 128] ?? 0;
    };
  },
};

export const slopes = { prelu };

/** Over the last axis; output scale 1/256, zero point -128. Within one step of TFLite, which uses a table. */
function shares(x: Quantized, y: Quantized): void {
  const classes = x.shape.at(-1) ?? 1;
  const exponentials = new Float64Array(classes);
  for (let start = 0; start < x.data.length; start += classes) {
    let greatest = -128;
    for (let c = 0; c < classes; c++) greatest = Math.max(greatest, x.data[start + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const e = Math.exp(((x.data[start + c] ?? 0) - greatest) * x.scale);
      exponentials[c] = e;
      sum += e;
    }
    for (let c = 0; c < classes; c++)
      y.data[start + c] = clampInt8(Math.round(((exponentials[c] ?? 0) / sum) * 256) - 128);
  }
}
