/** The operators that layer normalisation is made of. */

import * as tf from '@tensorflow/tfjs-core';
import type { OpTemplate } from '../../space/network.ts';
import type { Int8Parameters } from '../../space/trained.ts';
import {
  clampInt8,
  divideByPower,
  doublingHighMul,
  multiply,
  quantizeMultiplier,
} from '../int8/fixed-point.ts';
import { table, valuewise } from './activations.ts';
import { difference, product, squaredDifference, sum } from './joining.ts';
import { kernels, limits, type Quantized } from './kernels.ts';
import { meanFactor } from './pooling.ts';
import type { Weighted } from './weighted.ts';

export const normalisations = {
  channel_mean: kernels<OpTemplate<'channel_mean'>>(
    (_, [x]) => tf.mean(x, -1, true),
    (_, [x], y) => {
      const channels = x.shape.at(-1) ?? 1;
      const factor = meanFactor(x, y, channels);
      return () => {
        for (let p = 0, i = 0; p < y.data.length; p++) {
          let total = -x.zero * channels;
          for (let c = 0; c < channels; c++) total += x.data[i++] ?? 0;
          y.data[p] = clampInt8(multiply(total, factor) + y.zero);
        }
      };
    },
  ),

  squared_difference: kernels<OpTemplate<'squared_difference'>>(
    // The gradient of tfjs's own squared difference has the shape of what comes out, also for a mean.
    (_, [a, b = a]) => tf.square(tf.sub(a, b)),
    (_, [a, b = a], y) => sum(a, b, y, limits('none', y), squaredDifference),
  ),

  rsqrt: valuewise(
    (x) => tf.rsqrt(x),
    (x, y) => {
      const { value, shift } = quantizeMultiplier(1 / (Math.sqrt(x.scale) * y.scale));
      const factor = { value, shift: shift - ROOT_BITS };
      return table((q) => (q <= x.zero ? 127 : multiply(inverseRoot(q - x.zero), factor) + y.zero));
    },
  ),
};

/** Bits behind the point of an {@link inverseRoot}. */
const ROOT_BITS = 20;
/** Fixed point with 28 bits behind it. */
const ONE = 2 ** 28;
/** The root of a half, with 31. */
const HALF_ROOT = 1_518_500_250;

/**
 * 1 / sqrt(n) of a whole number, with {@link ROOT_BITS}: five steps of Newton and Raphson, `x (3 - n x^2) / 2`, on n brought
 * between 1/8 and 1/2 by powers of four (`GetInvSqrtQuantizedMultiplierExp`).
 */
function inverseRoot(n: number): number {
  if (n === 1) return 2 ** ROOT_BITS;
  const pairs = ((Math.clz32(n) - 1) >> 1) - 1;
  const half = divideByPower(n * 2 ** (2 * pairs - 1), 1);
  let x = ONE;
  for (let step = 0; step < 5; step++) {
    const cube = doublingHighMul(doublingHighMul(x, x), x) * 2 ** 6;
    x = (doublingHighMul(1.5 * ONE, x) - doublingHighMul(half, cube)) * 2 ** 3;
  }
  x = doublingHighMul(x, HALF_ROOT);
  const shift = 11 - pairs;
  return multiply(1, { value: shift < 0 ? x * 2 ** -shift : x, shift: ROOT_BITS - Math.max(0, shift) });
}

/** The constants of the channels as a tensor that is joined to the input. */
export const asTensor = ({
  weights,
  weightQuantization: { scale, zeroPoint },
}: Int8Parameters): Quantized => ({
  data: weights,
  shape: [weights.length],
  scale: scale[0] ?? 1,
  zero: zeroPoint[0] ?? 0,
});

const channelMul: Weighted<OpTemplate<'channel_mul'>> = {
  initial: 1,
  shape: ({ channels }) => [channels],
  folded: (shape) => shape,
  linear: (_, x, weights) => tf.mul(x, weights),
  step: (_, _memory, _at, x, y, parameters) => product(x, asTensor(parameters), y, limits('none', y)),
};

const channelSub: Weighted<OpTemplate<'channel_sub'>> = {
  initial: 0,
  shape: (_, input) => [input.at(-1) ?? 1],
  folded: (shape) => shape,
  linear: (_, x, weights) => tf.sub(weights, x),
  step: (_, _memory, _at, x, y, parameters) => sum(asTensor(parameters), x, y, limits('none', y), difference),
};

export const channelConstants = { channel_mul: channelMul, channel_sub: channelSub };
