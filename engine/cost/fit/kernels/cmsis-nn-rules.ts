/**
 * Which kernel CMSIS-NN takes, by version and core. The rules were read in `arm_*_wrapper_s8.c` of each version; a test
 * holds them against the function that did the work in the counted builds.
 */

import type { Condition } from '../../../../device-profiles/types.ts';
import {
  pairs,
  odd,
  oneByOneTerms,
  stridedTerms,
  zeroed,
  convolutionTerms,
  genericTerms,
  quads,
  taps,
  steps,
  vectorOneByOneTerms,
  vectorConvolutionTerms,
  vectorRowTerms,
  vectorColumnTerms,
  vectorDepthwise,
  poolTerms,
  plainPoolTerms,
  vectorPoolTerms,
  perOutput,
  rowOfWeights,
} from './cmsis-nn-terms.ts';
import { int8, is, termsOf } from './terms.ts';

/** Versions that were counted, oldest first, as the files name them. */
export const versions = {
  v2020: '5fd58104 (2020-12-17)',
  v2021: '8eb50178 (2021-12-18)',
  v2022: '011bf322 (2022-09-30)',
  v410: 'v4.1.0',
  v500: 'v5.0.0',
  v600: 'v6.0.0',
  v700: 'v7.0.0',
} as const;

export type Version = keyof typeof versions;

/** Of the cores that were counted; kernels are of three kinds: plain C, two products at a time, vectors. */
export const cores = {
  m0p: { core: 'cortex-m0plus', kind: 'plain' },
  m3: { core: 'cortex-m3', kind: 'plain' },
  m4: { core: 'cortex-m4', kind: 'dsp' },
  m33: { core: 'cortex-m33', kind: 'dsp' },
  m55: { core: 'cortex-m55', kind: 'vector' },
} as const;

export type Core = keyof typeof cores;
export type CoreKind = (typeof cores)[Core]['kind'];

export interface KernelRule {
  readonly operators: readonly string[];
  readonly kernel: string;
  /** First and last version of which it holds. */
  readonly from?: Version;
  readonly until?: Version;
  /** Kinds of cores; all when absent. */
  readonly on?: readonly CoreKind[];
  readonly when: readonly Condition[];
  /** The operator whose layers were counted, where its kernel runs another: the quantities mean the same for both. */
  readonly of?: string;
  readonly terms: readonly string[];
}

const multiple = (quantity: string, multipleOf: number): Condition => ({ quantity, multipleOf });

const whole = [int8, is('groups', 1)];
const oneByOne = [...whole, is('kernelArea', 1)];
const undilated = is('maxDilation', 1);
const plainDepthwise = [int8, is('depthMultiplier', 1), undilated];

const vector: readonly CoreKind[] = ['vector'];
const scalar: readonly CoreKind[] = ['plain', 'dsp'];

/** In the order in which the library asks. */
export const rules: readonly KernelRule[] = [
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1x1_s8_fast',
    until: 'v2021',
    on: scalar,
    when: [...oneByOne, is('maxStride', 1), undilated, multiple('inputChannels', 4)],
    terms: oneByOneTerms,
  },
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1x1_s8_fast',
    from: 'v2022',
    on: scalar,
    when: [...oneByOne, is('maxStride', 1)],
    terms: oneByOneTerms,
  },
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1x1_s8',
    from: 'v410',
    on: scalar,
    when: oneByOne,
    terms: stridedTerms,
  },
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_s8',
    until: 'v2020',
    on: ['plain'],
    when: [...whole, undilated],
    terms: termsOf({
      1: ['1', 'outputHeight', 'pixels', 'outputs', 'pixels*kernelHeight*outputChannels'],
      'outputWidth*insideRows': ['outputChannels'],
      'insideTaps*outputChannels': ['1', 'inputChannels'],
      'paddedTaps*outputChannels': ['1'],
    }),
  },
  // Dilation came in the last days of 2021.
  ...[
    { until: 'v2021' as const, when: [...whole, undilated] },
    { from: 'v2022' as const, when: whole },
  ].map((rule) => ({
    ...rule,
    operators: ['conv_2d'],
    kernel: 'arm_convolve_s8',
    on: scalar,
    terms: convolutionTerms,
  })),
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1x1_s8_fast',
    on: vector,
    when: [...oneByOne, is('maxStride', 1)],
    terms: vectorOneByOneTerms,
  },
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1x1_s8',
    on: vector,
    when: oneByOne,
    terms: vectorRowTerms,
  },
  ...[
    [multiple('inputChannels', 4)],
    [multiple('inputChannels', 2), multiple('strideWidth', 2)],
    [multiple('strideWidth', 4)],
  ].map((strided) => ({
    operators: ['conv_2d'],
    kernel: 'arm_convolve_1_x_n_s8',
    on: vector,
    when: [...whole, is('inputHeight', 1), is('kernelHeight', 1), undilated, ...strided],
    terms: vectorColumnTerms,
  })),
  {
    operators: ['conv_2d'],
    kernel: 'arm_convolve_s8',
    on: vector,
    when: whole,
    terms: vectorConvolutionTerms,
  },
  // A transposed convolution of many channels is a convolution of its input with zeros between the pixels.
  ...[convolutionTerms, vectorConvolutionTerms].map((terms): KernelRule => ({
    operators: ['transpose_conv'],
    kernel: 'arm_convolve_s8',
    from: 'v700',
    on: terms === convolutionTerms ? scalar : vector,
    when: [int8, { quantity: 'inputChannels', atLeast: 17 }, { quantity: 'maxStride', atMost: 2 }],
    of: 'conv_2d',
    terms,
  })),
  {
    operators: ['depthwise_conv_2d'],
    kernel: 'arm_convolve_s8',
    from: 'v600',
    on: vector,
    when: [int8, is('inputChannels', 1), { quantity: 'outputChannels', atLeast: 2 }, undilated],
    terms: vectorConvolutionTerms.map((term) => term.replaceAll('windowSize', 'kernelArea')),
  },
  {
    operators: ['depthwise_conv_2d'],
    kernel: 'arm_depthwise_conv_3x3_s8',
    on: scalar,
    when: [...plainDepthwise, is('kernelHeight', 3), is('kernelWidth', 3)],
    terms: termsOf({
      1: ['1', 'outputHeight'],
      pixels: ['1', '[inputChannels<4]', ...quads],
      insideTaps: ['1', ...quads],
      'outputWidth*insideRows': ['1', ...quads],
      'outputHeight*insideColumns': quads,
    }),
  },
  {
    operators: ['depthwise_conv_2d'],
    kernel: 'arm_depthwise_conv_s8_opt',
    on: ['dsp'],
    when: plainDepthwise,
    terms: termsOf({
      1: ['1', 'outputHeight', 'outputWidth*insideRows'],
      pixels: ['1', '[inputChannels<4]'],
      ...Object.fromEntries(quads.map((each) => [`pixels*${each}`, taps])),
      insideTaps: ['1', ...quads],
      paddedTaps: ['1', ...zeroed],
    }),
  },
  {
    operators: ['depthwise_conv_2d'],
    kernel: 'arm_depthwise_conv_s8_opt',
    on: vector,
    when: plainDepthwise,
    terms: vectorDepthwise,
  },
  {
    operators: ['depthwise_conv_2d'],
    kernel: 'depthwise_conv_s8_mult_4',
    when: [int8, multiple('depthMultiplier', 4), undilated],
    terms: genericTerms,
  },
  ...[
    { until: 'v2021' as const, when: [int8, undilated] },
    { from: 'v2022' as const, when: [int8] },
  ].map((rule) => ({
    ...rule,
    operators: ['depthwise_conv_2d'],
    kernel: 'depthwise_conv_s8_generic',
    terms: genericTerms,
  })),
  // Since February 2022 TensorFlow Lite Micro takes rows of a sequence for pixels.
  ...[oneByOneTerms, vectorOneByOneTerms].map((terms): KernelRule => ({
    operators: ['fully_connected'],
    kernel: 'arm_convolve_1x1_s8_fast',
    from: 'v2022',
    on: terms === oneByOneTerms ? scalar : vector,
    when: [int8, { quantity: 'rank', atLeast: 2 }, multiple('windowSize', 4)],
    of: 'conv_2d',
    terms,
  })),
  {
    operators: ['fully_connected'],
    kernel: 'arm_fully_connected_s8',
    on: ['dsp'],
    when: [int8],
    terms: termsOf({ 1: ['1'], [`pixels*${pairs}`]: rowOfWeights, [`pixels*${odd}`]: rowOfWeights }),
  },
  {
    operators: ['fully_connected'],
    kernel: 'arm_fully_connected_s8',
    on: ['plain'],
    when: [int8],
    terms: termsOf({
      1: ['1'],
      'pixels*floor(outputChannels/3)': rowOfWeights,
      'pixels*[outputChannels%3==1]': rowOfWeights,
      'pixels*[outputChannels%3==2]': rowOfWeights,
    }),
  },
  {
    operators: ['fully_connected'],
    kernel: 'arm_fully_connected_s8',
    on: vector,
    when: [int8],
    terms: termsOf({
      1: ['1'],
      'pixels*floor(outputChannels/4)': steps,
      'pixels*[outputChannels%4==1]': steps,
      'pixels*[outputChannels%4==2]': steps,
      'pixels*[outputChannels%4==3]': steps,
    }),
  },
  { operators: ['average_pool_2d'], kernel: 'arm_avgpool_s8', on: ['dsp'], when: [int8], terms: poolTerms },
  {
    operators: ['average_pool_2d'],
    kernel: 'arm_avgpool_s8',
    on: ['plain'],
    when: [int8],
    terms: plainPoolTerms,
  },
  {
    operators: ['average_pool_2d'],
    kernel: 'arm_avgpool_s8',
    on: vector,
    when: [int8],
    terms: vectorPoolTerms,
  },
  { operators: ['max_pool_2d'], kernel: 'arm_max_pool_s8', on: scalar, when: [int8], terms: poolTerms },
  { operators: ['max_pool_2d'], kernel: 'arm_max_pool_s8', on: vector, when: [int8], terms: vectorPoolTerms },
  { operators: ['add'], kernel: 'arm_elementwise_add_s8', when: [int8], terms: perOutput },
  { operators: ['mul'], kernel: 'arm_elementwise_mul_s8', when: [int8], terms: perOutput },
  { operators: ['softmax'], kernel: 'arm_softmax_s8', when: [int8], terms: ['1', 'pixels', 'outputs'] },
];
