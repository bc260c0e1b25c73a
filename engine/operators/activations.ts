/** One input, the same shape out, each value (or vector of scores) by itself. */

import { flag, number } from './attribute.ts';
import type { Attributes, ValuesOf } from './attribute.ts';
import { inputOf, int8Rule, operator, sharedScale, single } from './operator.ts';
import type { Int8Rule, Outputs } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import { boolField, float32Field } from './tflite.ts';
import type { FileOptions, OptionField } from './tflite.ts';

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
  attributes: C,
  form: ActivationForm<ValuesOf<C>>,
  examples: readonly [string, ...string[]],
  own: { readonly int8?: Int8Rule; readonly channelwise?: boolean } = {},
) =>
  operator({
    kind,
    attributes,
    outputs: (_, inputs) => unchanged(inputs),
    channelwise: own.channelwise ?? true,
    int8: own.int8 ?? int8Rule({}),
    tflite: {
      name: form.name,
      version: () => form.version,
      since: form.since ?? {},
      options: form.options ?? 0,
      encode: (a) => form.encode?.(a) ?? [],
      decode: ({ options, isUnary }) => (isUnary ? form.decode(options) : undefined),
    },
    examples,
  });

const none = {};
const plain = (
  name: string,
  version: number,
  since: Readonly<Record<number, string>> = {},
  options = 0,
): ActivationForm<object> => ({ name, version, since, options, decode: () => none });

export const relu = activation('relu', none, plain('RELU', 2, { 2: '2.1.0' }), ['relu']);
export const relu6 = activation('relu6', none, plain('RELU6', 2), ['relu6'], {
  // ReluPrepare of kernels/activations.cc clamps at the quantised 6 of its input.
  int8: int8Rule({ rescales: false }),
});

export const hardSwish = activation(
  'hard_swish',
  none,
  plain('HARD_SWISH', 1, { 1: '1.15.0' }, 91),
  ['hswish'],
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
export const logistic = activation('logistic', none, plain('LOGISTIC', 2), ['sigmoid'], {
  int8: int8Rule({ scale: { scale: 1 / 256, zero: -128 }, levelsOff: 8 }),
});

/** Half a step of its output is 2^-8. */
export const tanh = activation('tanh', none, plain('TANH', 2), ['tanh'], {
  int8: int8Rule({ scale: { scale: 1 / 128, zero: 0 }, levelsOff: 4 }),
});

export const elu = activation('elu', none, plain('ELU', 1), ['elu']);

/** Gaussian error linear unit (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415). */
export const gelu = activation(
  'gelu',
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
  ['gelu', 'gelu approximate on'],
);

export const softmax = activation(
  'softmax',
  none,
  { ...plain('SOFTMAX', 2, {}, 9), encode: () => [float32Field(0, 1)] },
  ['softmax'],
  {
    channelwise: false,
    int8: int8Rule({
      scale: { scale: 1 / 256, zero: -128 },
      // QuantizeMultiplierGreaterThanOne of 2^26 input (PreprocessSoftmaxScaling with 5 integer bits).
      leastScales: (inputs) => inputs.map((_, of) => ({ of, least: 2 ** -26 })),
    }),
  },
);

export const leakyRelu = activation(
  'leaky_relu',
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
  ['leaky 0.1'],
);

/** A slope for each channel, of negative values (He et al. 2015, https://arxiv.org/abs/1502.01852). */
export const prelu = operator({
  kind: 'prelu',
  attributes: {},
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
export const dropout = operator({
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
  outputs: (_, inputs) => unchanged(inputs),
  channelwise: true,
  trainingOnly: true,
  int8: sharedScale,
  examples: ['dropout 0.2'],
  inert: ['rate'],
});
