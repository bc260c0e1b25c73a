/** One input, the same shape out, each value (or vector of scores) by itself. */

import { flag, number } from './attribute.ts';
import type { Attributes, ValuesOf } from './attribute.ts';
import { addScalar, mul, mulScalar } from './joining.ts';
import { inputOf, int8Rule, operator, sharedScale, single, templateOf } from './operator.ts';
import type { OperatorRow, Outputs, Word } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import { boolField, float32Field } from './tflite.ts';
import type { FileOptions, OptionField } from './tflite.ts';
import { making, word } from './word.ts';
import type { OperatorInfo } from './word.ts';

function unchanged(inputs: readonly TensorSpec[]): Outputs {
  const input = inputOf(inputs);
  return single(input.shape, input);
}

interface ActivationForm<A extends object> {
  readonly name: string;
  readonly version: number;
  readonly since?: Readonly<Record<number, string>>;
  readonly options?: number;
  readonly encode?: (attributes: A) => readonly OptionField[];
  readonly decode: (options: FileOptions) => A;
}

const activation = <const K extends string, C extends Attributes>(
  kind: K,
  word: Omit<Word<ValuesOf<C>>, 'follows'>,
  attributes: C,
  form: ActivationForm<ValuesOf<C>>,
  own: Partial<Pick<OperatorRow<ValuesOf<C>>, 'int8' | 'channelwise' | 'examples'>> = {},
) =>
  operator({
    kind,
    attributes,
    words: [{ ...word, follows: true }],
    outputs: (_, inputs) => unchanged(inputs),
    channelwise: true,
    tflite: {
      name: form.name,
      version: () => form.version,
      since: form.since ?? {},
      options: form.options ?? 0,
      encode: (a) => form.encode?.(a) ?? [],
      decode: ({ options, isUnary }) => (isUnary ? form.decode(options) : undefined),
    },
    examples: [word.name],
    ...own,
  });

const none = {};
const plain = (
  name: string,
  version: number,
  since: Readonly<Record<number, string>> = {},
  options = 0,
): ActivationForm<object> => ({ name, version, since, options, decode: () => none });

const relu = activation(
  'relu',
  { name: 'relu', documentation: 'max(x, 0). Free after a convolution, dense layer, pool or addition.' },
  none,
  plain('RELU', 2, { 2: '2.1.0' }),
);

const relu6 = activation(
  'relu6',
  {
    name: 'relu6',
    documentation: 'min(max(x, 0), 6). Free after a convolution, dense layer, pool or addition.',
  },
  none,
  plain('RELU6', 2),
  // ReluPrepare of kernels/activations.cc clamps at the quantised 6 of its input.
  { int8: int8Rule({ rescales: false }) },
);

const hardSwish = activation(
  'hard_swish',
  { name: 'hswish', documentation: 'x * relu6(x + 3) / 6 (MobileNetV3). An operator of its own.' },
  none,
  plain('HARD_SWISH', 1, { 1: '1.15.0' }, 91),
  {
    int8: int8Rule({
      // `output_multiplier_exponent <= 0` for input / (128 output) (kernels/activations.cc, HardSwishPrepare). Below
      // 2^-16 that multiplier is a shift by more bits than the 16 of its operand, which gives something else than 0.
      leastScales: (inputs, output) => [
        { of: 'output', least: Math.max(0, ...inputs) / 128 },
        ...inputs.map((_, of) => ({ of, least: output * 2 ** -9 })),
      ],
    }),
  },
);

/** Half a step of its output is 2^-9. */
const logistic = activation(
  'logistic',
  { name: 'sigmoid', documentation: '1 / (1 + exp(-x)) (TFLite LOGISTIC).' },
  none,
  plain('LOGISTIC', 2),
  { int8: int8Rule({ scale: { scale: 1 / 256, zero: -128 }, levelsOff: 8 }) },
);

/** Half a step of its output is 2^-8. */
const tanh = activation(
  'tanh',
  { name: 'tanh', documentation: 'Hyperbolic tangent.' },
  none,
  plain('TANH', 2),
  { int8: int8Rule({ scale: { scale: 1 / 128, zero: 0 }, levelsOff: 4 }) },
);

const elu = activation(
  'elu',
  { name: 'elu', documentation: 'x where positive, else exp(x) - 1 (TFLite ELU).' },
  none,
  plain('ELU', 1),
);

/** Gaussian error linear unit (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415). */
const gelu = activation(
  'gelu',
  {
    name: 'gelu',
    documentation: 'x times the share of a normal distribution that lies below x (TFLite GELU).',
    named: ['approximate'],
  },
  {
    approximate: flag({
      name: 'approximate',
      documentation: 'By tanh instead of the error function.',
      default: false,
    }),
  },
  {
    name: 'GELU',
    version: 2,
    since: { 1: '2.9.0', 2: '2.9.0' },
    options: 116,
    encode: ({ approximate }) => [boolField(0, approximate)],
    decode: (options) => ({ approximate: options.bool(0) }),
  },
  { examples: ['gelu', 'gelu approximate on'] },
);

const softmax = activation(
  'softmax',
  { name: 'softmax', documentation: 'Turns scores into shares that add up to one.' },
  none,
  { ...plain('SOFTMAX', 2, {}, 9), encode: () => [float32Field(0, 1)] },
  {
    channelwise: false,
    int8: int8Rule({
      scale: { scale: 1 / 256, zero: -128 },
      // QuantizeMultiplierGreaterThanOne of 2^26 input (PreprocessSoftmaxScaling with 5 integer bits).
      leastScales: (inputs) => inputs.map((_, of) => ({ of, least: 2 ** -26 })),
    }),
  },
);

const leakyRelu = activation(
  'leaky_relu',
  {
    name: 'leaky',
    documentation: 'x where positive, else slope * x (TFLite LEAKY_RELU).',
    operand: 'slope',
  },
  {
    slope: number({
      name: 'slope',
      documentation: 'Slope for negative values.',
      default: 0.01,
    }),
  },
  {
    name: 'LEAKY_RELU',
    version: 1,
    options: 75,
    encode: ({ slope }) => [float32Field(0, slope)],
    decode: (options) => ({ slope: options.float32(0) }),
  },
  { examples: ['leaky 0.1'] },
);

/** x * sigmoid(x): two operators, as the converter of TensorFlow Lite makes of it. */
const silu: OperatorInfo = word({
  name: 'silu',
  documentation: 'x * sigmoid(x), also called swish: LOGISTIC and MUL, as TFLite has no operator for it.',
  follows: true,
  examples: ['silu', 'conv 3x3 -> 4, silu'],
  makes: making(() => [
    { template: templateOf(logistic, {}) },
    { template: templateOf(mul, {}), reads: ['given', 0] },
  ]),
});

/**
 * Two operators, as the converter of TensorFlow Lite makes of Keras's `hard_sigmoid`: its addition of 3 fuses the relu6,
 * and its division by 6 is a product.
 */
const hardSigmoid: OperatorInfo = word({
  name: 'hard_sigmoid',
  documentation: 'relu6(x + 3) / 6: ADD and MUL by numbers, as TFLite has no operator for it.',
  follows: true,
  examples: ['hard_sigmoid', 'conv 3x3 -> 4, bn, hard_sigmoid'],
  makes: making(() => [
    { template: templateOf(addScalar, { value: 3, activation: 'relu6' }) },
    { template: templateOf(mulScalar, { value: 1 / 6 }), reads: [0] },
  ]),
});

/** A slope for each channel, of negative values (He et al. 2015, https://arxiv.org/abs/1502.01852). */
const prelu = operator({
  kind: 'prelu',
  attributes: {},
  words: [
    {
      name: 'prelu',
      documentation: 'x where positive, else x times a trained slope per channel (TFLite PRELU).',
      follows: true,
    },
  ],
  outputs: (_, inputs) => unchanged(inputs),
  counts: (_, { input }) => ({ weights: input.channels }),
  weights: { channels: 'last', perChannel: false },
  channelwise: true,
  tflite: {
    name: 'PRELU',
    version: () => 1,
    decode({ inputs: [input, slopes], isUnary }) {
      const isPerChannel =
        slopes?.shape.at(-1) === input?.shape.at(-1) &&
        slopes?.shape.slice(0, -1).every((side) => side === 1);
      return isUnary && slopes?.isConstant === true && isPerChannel === true ? {} : undefined;
    },
  },
  examples: ['prelu', 'gap; prelu'],
});

/** Training drops values, inference does nothing: it is removed before pricing and export. */
const dropout = operator({
  kind: 'dropout',
  attributes: {
    rate: number({
      name: 'rate',
      documentation: 'Share of the values, 0 to 1.',
      what: 'rate of dropout',
      default: 0.5,
      expected: 'from 0 to below 1',
      fits: (value) => value >= 0 && value < 1,
    }),
  },
  words: [
    {
      name: 'dropout',
      documentation: 'Sets a share of the values to zero while training; absent from the exported model.',
      follows: true,
      operand: 'rate',
      snippet: 'dropout ${1:0.2}',
    },
  ],
  outputs: (_, inputs) => unchanged(inputs),
  channelwise: true,
  trainingOnly: true,
  int8: sharedScale,
  examples: ['dropout 0.2'],
  inert: ['rate'],
});

export const activations = [
  relu,
  relu6,
  hardSwish,
  logistic,
  tanh,
  elu,
  gelu,
  leakyRelu,
  silu,
  hardSigmoid,
  prelu,
  softmax,
  dropout,
] as const;
