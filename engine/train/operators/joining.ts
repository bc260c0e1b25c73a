/** Operators that join tensors. */

import * as tf from '@tensorflow/tfjs-core';
import { alongOf, withBatch } from '../../operators/axis.ts';
import { scalar } from '../../operators/tflite.ts';
import { elementsOf, type OpTemplate, type Shape } from '../../space/network.ts';
import {
  divideByPower,
  doublingHighMul,
  multiply,
  quantizeMultiplier,
  type FixedMultiplier,
} from '../int8/fixed-point.ts';
import { activate } from './fused.ts';
import { kernels, limits, type Kernels, type Limits, type Quantized, type Scale } from './kernels.ts';

type Elementwise = OpTemplate<'add' | 'sub' | 'mul'>;

const elementwise = (
  float: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  int8: (a: Quantized, b: Quantized, y: Quantized, limits: Limits) => () => void,
): Kernels<Elementwise> =>
  kernels(
    ({ activation }, [a, b = a]) => activate(float(aligned(a, b.rank), aligned(b, a.rank)), activation),
    ({ activation }, [a, b = a], y) => int8(a, b, y, limits(activation, y)),
  );

/** With a number in place of the second tensor, which 8-bit kernels take as a tensor of one value. */
const byScalar = (
  float: (x: tf.Tensor, value: number) => tf.Tensor,
  int8: (x: Quantized, operand: Quantized, y: Quantized, limits: Limits) => () => void,
): Kernels<OpTemplate<'add_scalar' | 'mul_scalar'>> =>
  kernels(
    ({ value, activation }, [x]) => activate(float(x, value), activation),
    ({ value, activation }, [x], y) => int8(x, scalarOperand(value), y, limits(activation, y)),
  );

/** A number of a row as a tensor. */
export function scalarOperand(value: number): Quantized {
  const { values, scale, shape } = scalar(value);
  return { data: Int8Array.from(values), shape, scale, zero: 0 };
}

export const joins = {
  add: elementwise(
    (a, b) => tf.add(a, b),
    (a, b, y, range) => sum(a, b, y, range),
  ),

  sub: elementwise(
    (a, b) => tf.sub(a, b),
    (a, b, y, range) => sum(a, b, y, range, difference),
  ),

  mul: elementwise((a, b) => tf.mul(a, b), product),

  add_scalar: byScalar(
    (x, value) => tf.add(x, value),
    (x, operand, y, range) => sum(x, operand, y, range),
  ),

  mul_scalar: byScalar((x, value) => tf.mul(x, value), product),

  /** All of one scale and zero point. */
  concatenation: kernels<OpTemplate<'concatenation'>>(
    ({ axis }, inputs) => tf.concat([...inputs], withBatch(axis, inputs[0].rank - 1)),
    ({ axis }, inputs, y) => {
      const along = alongOf(axis, y.shape.length);
      const run = elementsOf(y.shape.slice(along));
      const parts = inputs.map(({ data, shape }) => ({ data, own: elementsOf(shape.slice(along)) }));
      return () => {
        let offset = 0;
        for (const { data, own } of parts) {
          for (let from = 0, to = offset; from < data.length; from += own, to += run)
            y.data.set(data.subarray(from, from + own), to);
          offset += own;
        }
      };
    },
  ),
};

/** What lies between the values of a tensor that two places, or two channels, of the output take: see `broadcast.ts`. */
export function strides(shape: Shape): { readonly place: number; readonly channel: number } {
  const channels = shape.at(-1) ?? 1;
  return { place: elementsOf(shape) === channels ? 0 : channels, channel: channels === 1 ? 0 : 1 };
}

/** `[n, c]` as `[n, 1, 1, c]` beside an image: one value per channel, of each sample its own. */
function aligned(x: tf.Tensor, rank: number): tf.Tensor {
  const [n = 1, ...own] = x.shape;
  return x.rank >= rank ? x : tf.reshape(x, [n, ...Array<number>(rank - x.rank).fill(1), ...own]);
}

export interface Sum {
  readonly sign: 1 | -1;
  readonly squared: boolean;
  /** Bits by which the inputs are raised before they are scaled. */
  readonly bits: number;
}

export const plain: Sum = { sign: 1, squared: false, bits: 20 };
export const difference: Sum = { ...plain, sign: -1 };
/** Of which the square has to fit into 32 bits. */
export const squaredDifference: Sum = { sign: -1, squared: true, bits: 7 };

/** What the inputs of a sum, and then the sum itself, are scaled by: the inputs to twice the coarser scale of theirs. */
export function sumFactors(
  a: Scale,
  b: Scale,
  y: Scale,
  { squared, bits }: Sum,
): Readonly<Record<'a' | 'b' | 'output', FixedMultiplier>> {
  const twice = 2 * Math.max(a.scale, b.scale);
  return {
    a: quantizeMultiplier(a.scale / twice),
    b: quantizeMultiplier(b.scale / twice),
    output: quantizeMultiplier(
      squared ? twice ** 2 / (2 ** (2 * bits) * y.scale) : twice / (2 ** bits * y.scale),
    ),
  };
}

/** `a + b`, or another {@link Sum} of them. */
export function sum(
  a: Quantized,
  b: Quantized,
  y: Quantized,
  { low, high }: Limits,
  kind: Sum = plain,
): () => void {
  const { sign, squared, bits } = kind;
  const factors = sumFactors(a, b, y, kind);
  const scaled = (from: Quantized, m: FixedMultiplier) =>
    Int32Array.from({ length: 256 }, (_, i) =>
      divideByPower(doublingHighMul((i - 128 - from.zero) * 2 ** bits, m.value), -m.shift),
    );
  const ta = scaled(a, factors.a);
  const tb = scaled(b, factors.b);
  const [sa, sb] = [strides(a.shape), strides(b.shape)];
  const channels = y.shape.at(-1) ?? 1;
  return () => {
    const { data } = y;
    for (let i = 0, p = 0; i < data.length; p++)
      for (let c = 0; c < channels; c++) {
        const left = ta[(a.data[p * sa.place + c * sa.channel] ?? 0) + 128] ?? 0;
        const right = tb[(b.data[p * sb.place + c * sb.channel] ?? 0) + 128] ?? 0;
        const both = left + sign * right;
        const q = multiply(squared ? both * both : both, factors.output) + y.zero;
        data[i++] = q < low ? low : q > high ? high : q;
      }
  };
}

export const productFactor = (a: Scale, b: Scale, y: Scale): FixedMultiplier =>
  quantizeMultiplier((a.scale * b.scale) / y.scale);

/** Elementwise product. */
export function product(a: Quantized, b: Quantized, y: Quantized, { low, high }: Limits): () => void {
  const factor = productFactor(a, b, y);
  const [sa, sb] = [strides(a.shape), strides(b.shape)];
  const channels = y.shape.at(-1) ?? 1;
  return () => {
    const { data } = y;
    for (let i = 0, p = 0; i < data.length; p++)
      for (let c = 0; c < channels; c++) {
        const left = (a.data[p * sa.place + c * sa.channel] ?? 0) - a.zero;
        const right = (b.data[p * sb.place + c * sb.channel] ?? 0) - b.zero;
        const q = multiply(left * right, factor) + y.zero;
        data[i++] = q < low ? low : q > high ? high : q;
      }
  };
}
