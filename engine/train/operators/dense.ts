/** Fully connected layers. */

import * as tf from '@tensorflow/tfjs-core';
import { elementsOf, type OpTemplate, type Pair } from '../../space/network.ts';
import { convolutionStep } from './convolution.ts';
import type { Weighted } from './weighted.ts';

const one: Pair = [1, 1];
/** A convolution that sees one pixel. */
const pixel = { kernel: one, stride: one, dilation: one, groups: 1, padding: 'valid' } as const;

/** Weights `[in, units]` in training. */
const fullyConnected: Weighted<OpTemplate<'fully_connected'>> = {
  shape: ({ units }, input) => [elementsOf(input), units],
  folded: ([features = 1], outputs) => [outputs, features],
  linear: (_, x, weights, isFolded) => tf.matMul(tf.reshape(x, [x.shape[0], -1]), weights, false, isFolded),
  step: ({ activation, units }, memory, at, x, y) =>
    convolutionStep(
      { ...pixel, activation },
      memory,
      at,
      { ...x, shape: [1, 1, x.data.length] },
      { ...y, shape: [1, 1, units] },
    ),
};

export const dense = { fully_connected: fullyConnected };
