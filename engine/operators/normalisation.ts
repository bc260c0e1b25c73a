/**
 * Layer normalisation, and the operators that it is made of: those that the converter of TensorFlow Lite makes of
 * `tf.nn.moments` over the channels and `tf.nn.batch_normalization`, which is what Keras had in its layer until it had
 * backends of its own.
 */

import { count } from './attribute.ts';
import { joinedShape } from './broadcast.ts';
import { add, addScalar, mul, ofSum, sinceOf, versionOf } from './joining.ts';
import { Misfit, outOfRange } from './misfit.ts';
import { inputOf, int8Rule, operator, single, templateOf } from './operator.ts';
import type { Shape } from './tensors.ts';
import { boolField, constant, fusedActivationOf } from './tflite.ts';
import type { FileTensor } from './tflite.ts';
import { making, word } from './word.ts';
import type { OperatorInfo } from './word.ts';

const examples = ['layernorm'];

/** Over the channels of each place, `[h, w, c] -> [h, w, 1]`. */
const channelMean = operator({
  kind: 'channel_mean',
  attributes: {},
  outputs: (_, inputs) => single([...inputOf(inputs).shape.slice(0, -1), 1], inputOf(inputs)),
  // The axis is a constant in the file.
  counts: (_, { inputs }) => ({ reduced: inputs, constants: 1, constantBytes: 4 }),
  channels: { by: 'unknown' },
  tflite: {
    name: 'MEAN',
    version: () => 2,
    options: 27,
    encode: () => [boolField(0, true)],
    constants: (_, { inputs }) => [constant([1], [inputOf(inputs).shape.length])],
    decode({ options, inputs: [input, axes], isUnary }) {
      const [axis, ...more] = axes?.integers ?? [];
      const last = (input?.shape.length ?? 0) - 1;
      const isLast = more.length === 0 && last > 0 && (axis === last || axis === -1);
      return isUnary && isLast && options.bool(0) ? {} : undefined;
    },
  },
  examples,
});

const squaredDifference = operator({
  kind: 'squared_difference',
  attributes: {},
  outputs(_, [left, right]) {
    if (left === undefined || right === undefined) throw new Misfit('unknown', undefined);
    const shape = joinedShape(left.shape, right.shape);
    if (shape === undefined) throw new Misfit('unknown', undefined);
    return single(shape, left);
  },
  joins: 'broadcast',
  channelwise: true,
  int8: int8Rule({
    // Differences of 8 bits are raised by 7 and squared; the multiplier (2 max(inputs))^2 / (2^14 output) stays below one
    // (kernels/squared_difference.cc).
    leastScales: (inputs) => [{ of: 'output', least: (2 * Math.max(0, ...inputs)) ** 2 * 2 ** -14 }],
  }),
  tflite: {
    name: 'SQUARED_DIFFERENCE',
    version: () => 2,
    since: { 2: '2.5.0' },
    decode: ({ inputs, isJoin }) => (isJoin && inputs.length === 2 ? {} : undefined),
  },
  examples,
});

const rsqrt = operator({
  kind: 'rsqrt',
  attributes: {},
  outputs: (_, inputs) => single(inputOf(inputs).shape, inputOf(inputs)),
  channelwise: true,
  int8: int8Rule({ least: 0 }),
  tflite: {
    name: 'RSQRT',
    version: () => 2,
    since: { 2: '2.5.0' },
    decode: ({ isUnary }) => (isUnary ? {} : undefined),
  },
  examples,
});

/** As many as the constant has, one for each channel; `undefined` for what is none. */
function channelsOf(tensor: FileTensor | undefined): number | undefined {
  const isVector = tensor !== undefined && tensor.shape.slice(0, -1).every((side) => side === 1);
  return isVector && tensor.isConstant ? tensor.shape.at(-1) : undefined;
}

/** Times a trained constant for each channel; what has one value for each place gets as many channels. Weights `[c]`. */
const channelMul = operator({
  kind: 'channel_mul',
  attributes: { channels: count({ name: 'channels', documentation: 'Number of constants.' }) },
  outputs({ channels }, inputs) {
    const input = inputOf(inputs);
    const own = input.shape.at(-1) ?? 1;
    if (own !== 1 && own !== channels) outOfRange('number of constants', String(own), channels);
    return single([...input.shape.slice(0, -1), channels], input);
  },
  counts: ({ channels }) => ({ weights: channels }),
  weights: { channels: 'last', perChannel: false },
  channels: { by: 'unknown' },
  tflite: {
    name: 'MUL',
    version: (_, { scaleRatio }) => versionOf('MUL', scaleRatio),
    since: sinceOf('MUL'),
    options: 21,
    decode({ options, inputs: [input, constants], outputs: [output], isUnary }) {
      const channels = channelsOf(constants);
      const isWhole = input !== undefined && input.shape.length === output?.shape.length;
      const fits = isWhole && output.shape.at(-1) === channels && fusedActivationOf(options, 0) === 'none';
      return isUnary && fits && channels !== undefined ? { channels } : undefined;
    },
  },
  examples,
});

/** A trained constant for each channel, less the input. Weights `[c]`, before the input in the file. */
const channelSub = operator({
  kind: 'channel_sub',
  attributes: {},
  outputs: (_, inputs) => single(inputOf(inputs).shape, inputOf(inputs)),
  counts: (_, { input }) => ({ weights: input.channels }),
  weights: { channels: 'last', perChannel: false },
  channelwise: true,
  int8: int8Rule({ leastScales: (inputs, _, weights) => ofSum([...inputs, weights?.scale ?? 0]) }),
  tflite: {
    name: 'SUB',
    version: () => 2,
    options: 28,
    activationsAt: 1,
    decode({ options, inputs: [constants, input], isUnary }) {
      const isWhole = channelsOf(constants) === input?.shape.at(-1);
      return isUnary && isWhole && fusedActivationOf(options, 0) === 'none' ? {} : undefined;
    },
  },
  examples,
});

/** As Keras has it. */
const EPSILON = 1e-3;

const steps = (shape: Shape) => [
  { template: templateOf(channelMean, {}) },
  { template: templateOf(squaredDifference, {}), reads: ['given', 0] as const },
  { template: templateOf(channelMean, {}), reads: [1] },
  { template: templateOf(addScalar, { value: EPSILON }), reads: [2] },
  { template: templateOf(rsqrt, {}), reads: [3] },
  { template: templateOf(channelMul, { channels: shape.at(-1) ?? 1 }), reads: [4] },
  { template: templateOf(mul, {}), reads: ['given', 5] as const },
  { template: templateOf(mul, {}), reads: [0, 5] },
  { template: templateOf(channelSub, {}), reads: [7] },
  { template: templateOf(add, {}), reads: [6, 8] },
];

const layernorm: OperatorInfo = word({
  name: 'layernorm',
  documentation:
    'Layer normalisation over the channels of each pixel, with a trained factor and constant for each channel. Ten operators, as TFLite has none for it; `bn` costs nothing.',
  follows: true,
  fuses: true,
  examples: ['layernorm', 'gap; layernorm', 'conv 3x3 -> 6, layernorm, relu'],
  makes: making((_, inputs) => steps(inputOf(inputs).shape)),
});

export const normalisations = [
  channelMean,
  squaredDifference,
  rsqrt,
  channelMul,
  channelSub,
  layernorm,
] as const;
