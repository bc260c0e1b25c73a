/** Convolutions in two dimensions. */

import { count } from './attribute.ts';
import { Misfit } from './misfit.ts';
import { inputOf, operator } from './operator.ts';
import type { Pair } from './tensors.ts';
import { fusedActivationOf, int32Field, int8Field, activationCodes } from './tflite.ts';
import type { FileOperator, FusedActivation, OptionField } from './tflite.ts';
import { activation, batchNorm, bias, biasesOf, biasOf, weightedInt8 } from './weighted.ts';
import {
  dilation,
  dilationOf,
  filterOf,
  kernel,
  padding,
  stride,
  windowed,
  windowFields,
  windowOf,
} from './window.ts';

/** The activation and the dilations, in this order from a field on. */
const behindWindow = (
  a: { readonly activation: FusedActivation; readonly dilation: Pair },
  field: number,
): OptionField[] => [
  int8Field(field, activationCodes[a.activation]),
  int32Field(field + 1, a.dilation[1], 1),
  int32Field(field + 2, a.dilation[0], 1),
];

/**
 * What a file says of either convolution, the channels of its input, and the outer sides of its filter.
 * @param field of {@link behindWindow}
 */
function formOf({ options, inputs: [input, weights, biases], isUnary }: FileOperator, field: number) {
  const window = windowOf(options);
  const fused = fusedActivationOf(options, field);
  const spread = dilationOf(options, field + 1);
  const filter = filterOf(weights);
  const channels = input?.shape[3];
  if (!isUnary || !window || !fused || !spread || !filter || channels === undefined) return undefined;
  const values = {
    ...window,
    kernel: filter.kernel,
    dilation: spread,
    activation: fused,
    bias: biasOf(biases),
    batchNorm: false,
  };
  return { values, channels, first: filter.first, last: filter.last };
}

/** Weights `[out, kh, kw, in / groups]` as TFLite stores them. */
const conv2d = operator({
  kind: 'conv_2d',
  attributes: {
    kernel,
    filters: count({ name: 'channels', documentation: 'Number of filters.' }),
    stride,
    padding,
    dilation,
    groups: count({
      name: 'groups',
      documentation: 'Split the channels into groups that do not see each other.',
      default: 1,
    }),
    bias,
    activation,
    batchNorm,
  },
  words: [
    {
      name: 'conv',
      documentation: 'Convolution in two dimensions (TFLite CONV_2D).',
      operand: 'kernel',
      output: 'filters',
      named: ['stride', 'padding', 'dilation', 'groups', 'bias'],
      snippet: 'conv ${1:3x3} -> ${2:16}',
    },
    {
      name: 'reduce',
      documentation: 'Halves height and width and sets the channels: a 3x3 convolution with stride 2.',
      output: 'filters',
      named: ['bias'],
      fixed: { kernel: [3, 3], stride: [2, 2] },
      snippet: 'reduce -> ${1:32}',
    },
  ],
  outputs(a, inputs) {
    const input = inputOf(inputs);
    const found = windowed(a, a.dilation, input, () => a.filters);
    const channels = input.shape[2] ?? 1;
    const odd = [channels, a.filters].find((each) => each % a.groups !== 0);
    if (odd !== undefined) throw new Misfit('groups', { channels: odd, groups: a.groups });
    return found;
  },
  counts(a, { input, pixels, kernelArea }) {
    const windowSize = (kernelArea * input.channels) / a.groups;
    const weights = a.filters * windowSize;
    return {
      macs: pixels * weights,
      weights,
      biases: biasesOf(a, a.filters),
      windowSize,
      groups: a.groups,
      filters: a.filters,
    };
  },
  weights: { channels: 'first', perChannel: true },
  channels: { by: 'set', attribute: 'filters' },
  int8: weightedInt8,
  tflite: {
    name: 'CONV_2D',
    version: ({ groups }) => (groups > 1 ? 6 : 3),
    since: { 6: '2.9.0' },
    options: 1,
    encode: (a) => [...windowFields(a), ...behindWindow(a, 3)],
    decode(file) {
      const found = formOf(file, 3);
      if (found === undefined || found.channels % found.last !== 0) return undefined;
      return { ...found.values, filters: found.first, groups: found.channels / found.last };
    },
  },
  examples: [
    'conv 3x3 -> 6 bias off, bn, relu6',
    'conv 3x2 -> 4 stride 2x1 padding valid',
    'conv 3 -> 8 dilation 2 groups 2, relu',
  ],
});

/** Weights `[1, kh, kw, in * depthMultiplier]`. */
const depthwiseConv2d = operator({
  kind: 'depthwise_conv_2d',
  attributes: {
    kernel,
    stride,
    padding,
    dilation,
    depthMultiplier: count({
      name: 'multiplier',
      documentation: 'Filters per input channel.',
      default: 1,
    }),
    bias,
    activation,
    batchNorm,
  },
  words: [
    {
      name: 'dwconv',
      documentation: 'Depthwise convolution: one filter per channel (TFLite DEPTHWISE_CONV_2D).',
      operand: 'kernel',
      named: ['stride', 'padding', 'dilation', 'depthMultiplier', 'bias'],
      snippet: 'dwconv ${1:3x3}',
    },
  ],
  outputs: (a, inputs) =>
    windowed(a, a.dilation, inputOf(inputs), (channels) => channels * a.depthMultiplier),
  counts(a, { output, pixels, kernelArea }) {
    const weights = output.channels * kernelArea;
    return {
      macs: pixels * weights,
      weights,
      biases: biasesOf(a, output.channels),
      windowSize: kernelArea,
      depthMultiplier: a.depthMultiplier,
      filters: output.channels,
    };
  },
  weights: { channels: 'last', perChannel: true },
  channels: { by: 'times', attribute: 'depthMultiplier' },
  channelwise: true,
  int8: weightedInt8,
  tflite: {
    name: 'DEPTHWISE_CONV_2D',
    version: () => 3,
    options: 2,
    encode: (a) => [...windowFields(a), int32Field(3, a.depthMultiplier), ...behindWindow(a, 4)],
    decode(file) {
      const found = formOf(file, 4);
      if (found === undefined || found.last % found.channels !== 0) return undefined;
      return { ...found.values, depthMultiplier: found.last / found.channels };
    },
  },
  examples: [
    'dwconv 3x3, bn, relu',
    'dwconv 2x3 stride 2 padding valid multiplier 2',
    'dwconv 3 dilation 2 bias off',
  ],
});

export const convolutions = [conv2d, depthwiseConv2d] as const;
