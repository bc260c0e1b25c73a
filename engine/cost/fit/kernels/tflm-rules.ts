/**
 * Which kernel TensorFlow Lite Micro runs for an operator, by release and kernels, and what its instructions are a sum
 * of. What decides was read in `tensorflow/lite/micro/kernels` and `tensorflow/lite/kernels/internal/reference` of both
 * releases; terms follow the loops there.
 */

import type { Condition } from '../../../../device-profiles/types.ts';
import type { CoreKind } from './cmsis-nn-rules.ts';
import { float, int8, is, leftOf4, termsOf } from './terms.ts';

/** Releases that were counted, oldest first: commits of their day. */
export const releases = {
  2021: '311324d7 (2021-12-20)',
  2026: '90b983c2 (2026-08-20)',
} as const;

export type Release = keyof typeof releases;
export type KernelSet = 'cn' | 'ref';

export interface OperatorRule {
  readonly operators: readonly string[];
  readonly release?: Release;
  /** With CMSIS-NN, or with the reference kernels. */
  readonly kernels?: KernelSet;
  readonly on?: readonly CoreKind[];
  readonly when: readonly Condition[];
  /** A kernel of CMSIS-NN does the work: the terms are of what is around it. */
  readonly wraps?: true;
  readonly terms: readonly string[];
}

const atLeast = (quantity: string, least: number): Condition => ({ quantity, atLeast: least });
const same = is('broadcast', 0);
const scalar: readonly CoreKind[] = ['plain', 'dsp'];
const vector: readonly CoreKind[] = ['vector'];

const perOutput = ['1', 'outputs'];
const perRow = ['1', 'pixels', 'outputs'];
const perShape = ['1', 'outputHeight', 'pixels', 'outputs'];
/** Bytes that `memcpy` moves, and how often it is called. */
const copied = ['1', 'inputs*elementBytes'];
const aroundKernel = ['1', 'outputs'];

const wrapped: readonly OperatorRule[] = [
  // In 2021, what is dilated still ran in the reference kernels.
  ...[
    { release: 2021 as const, dilation: [is('maxDilation', 1)] },
    { release: 2026 as const, dilation: [] },
  ].flatMap(({ release, dilation }) => [
    {
      operators: ['conv_2d'],
      release,
      when: [int8, is('groups', 1), ...dilation],
      terms: [...aroundKernel, 'macs'],
    },
    {
      operators: ['depthwise_conv_2d'],
      release,
      when: [int8, ...dilation],
      terms: [...aroundKernel, 'outputs*kernelArea'],
    },
  ]),
  {
    operators: ['fully_connected'],
    on: scalar,
    when: [int8],
    terms: ['1', 'pixels', 'outputs', 'macs'],
  },
  { operators: ['fully_connected'], on: vector, when: [int8], terms: ['1', 'pixels', 'outputs', 'macs'] },
  {
    operators: ['average_pool_2d', 'max_pool_2d'],
    when: [int8],
    terms: [...aroundKernel, 'poolReads'],
  },
  { operators: ['softmax'], when: [int8], terms: [...aroundKernel, 'pixels'] },
  { operators: ['add', 'mul'], when: [int8, same], terms: aroundKernel },
  {
    operators: ['transpose_conv'],
    release: 2026 as const,
    when: [int8, atLeast('inputChannels', 17), { quantity: 'maxStride', atMost: 2 }],
    terms: [...aroundKernel, 'weights'],
  },
].flatMap((rule): readonly OperatorRule[] =>
  rule.operators.map((operator) => ({ ...rule, operators: [operator], kernels: 'cn', wraps: true })),
);

const reference: readonly OperatorRule[] = [
  {
    operators: ['conv_2d'],
    when: [int8, is('groups', 1)],
    terms: termsOf({
      1: ['1', 'pixels', 'outputs', 'outputs*kernelHeight'],
      'insideTaps*outputChannels': ['1', 'inputChannels'],
      'paddedTaps*outputChannels': ['1'],
    }),
  },
  {
    operators: ['depthwise_conv_2d'],
    when: [int8],
    terms: termsOf({
      1: ['1', 'pixels', 'pixels*inputChannels', 'outputs', 'outputs*kernelHeight'],
      'insideTaps*outputChannels': ['1'],
      'paddedTaps*outputChannels': ['1'],
    }),
  },
  { operators: ['fully_connected'], when: [int8], terms: ['1', 'pixels', 'outputs', 'macs'] },
  ...['average_pool_2d', 'max_pool_2d'].map((operator) => ({
    operators: [operator],
    when: [int8],
    terms: termsOf({
      1: ['1', 'pixels', 'outputs'],
      'outputWidth*insideRows': ['1', 'inputChannels'],
      insideTaps: ['1', 'inputChannels'],
    }),
  })),
  { operators: ['softmax'], when: [int8], terms: perRow },
  { operators: ['add'], when: [int8, same], terms: perOutput },
  { operators: ['mul'], when: [int8, same], terms: perOutput },
];

/** The weights of each output are summed before the kernel of vectors runs, which is another where each has its own scale. */
const vectorFullyConnected: OperatorRule = {
  operators: ['fully_connected'],
  release: 2026,
  kernels: 'cn',
  on: vector,
  when: [int8, is('rank', 1)],
  terms: ['1', 'outputs', 'outputs*ceil(windowSize/16)'],
};

const unary = [
  'logistic',
  'tanh',
  'hard_swish',
  'leaky_relu',
  'relu',
  'relu6',
  'elu',
  'ABS',
  'RSQRT',
  'EXP',
  'NEG',
  'SQRT',
  'quantize',
  'dequantize',
];

const comparisons = ['GREATER', 'LESS_EQUAL'];
const binary = ['add', 'sub', 'mul', 'SQUARED_DIFFERENCE', 'DIV', 'MAXIMUM', 'MINIMUM', ...comparisons];

const generic: readonly OperatorRule[] = [
  { operators: ['quantize'], when: [int8, is('resigned', 1)], terms: perOutput },
  { operators: ['dequantize'], when: [int8], terms: perOutput },
  ...unary.flatMap((operator): readonly OperatorRule[] =>
    [float, int8].map((format) => ({ operators: [operator], when: [format], terms: perOutput })),
  ),
  { operators: ['prelu'], when: [int8], terms: perShape },
  { operators: ['softmax'], when: [float], terms: perRow },
  { operators: ['LOG_SOFTMAX'], when: [int8], terms: perRow },
  { operators: ['L2_NORMALIZATION'], when: [int8], terms: perRow },
  ...binary.flatMap((name): readonly OperatorRule[] => {
    const operators = name === name.toLowerCase() ? [name, name.toUpperCase()] : [name];
    return [
      { operators, when: [float, same], terms: perOutput },
      { operators, when: [int8, same], terms: perOutput },
      { operators, when: [int8, is('leastOperand', 1)], terms: perOutput },
      // What a comparison of other shapes costs depends on which axes they share.
      ...(comparisons.includes(name)
        ? []
        : [{ operators, when: [int8], terms: [...perRow, 'leastOperand'] }]),
    ];
  }),
  { operators: ['ADD_N'], when: [int8], terms: ['1', 'outputs', 'operands*outputs'] },
  // Before 2026, what keeps its extents was a pool of the reference kernels.
  ...['mean', 'reduce_max', 'MEAN', 'SUM', 'REDUCE_MAX'].flatMap((operator): readonly OperatorRule[] =>
    [[atLeast('rank', 3)], [is('inputRank', 3)], [is('inputRank', 2)], []].map((when) => ({
      operators: [operator],
      when: [int8, ...when],
      terms: ['1', 'inputs', 'outputs'],
    })),
  ),
  ...['reshape', 'SQUEEZE', 'EXPAND_DIMS'].map((operator) => ({
    operators: [operator],
    when: [],
    terms: copied,
  })),
  { operators: ['SHAPE'], when: [], terms: ['1'] },
  { operators: ['PACK'], when: [], terms: ['1', 'pieces', 'outputs*elementBytes'] },
  {
    operators: ['concatenation'],
    when: [],
    terms: termsOf({ 1: ['1', 'operands', 'pieces', 'outputs*elementBytes'] }),
  },
  { operators: ['split'], when: [], terms: ['1', 'pieces', 'outputs*elementBytes'] },
  { operators: ['SPLIT_V'], when: [], terms: ['1', 'pieces', 'inputs*elementBytes'] },
  { operators: ['UNPACK'], when: [atLeast('pieces', 1)], terms: ['1', 'pieces', 'inputs*elementBytes'] },
  ...['pad', 'PAD', 'PADV2'].flatMap((operator): readonly OperatorRule[] => [
    {
      operators: [operator],
      release: 2026,
      kernels: 'cn',
      when: [int8, is('addedChannels', 0)],
      // Without unaligned access, rows that do not begin at a multiple of four bytes are copied byte by byte.
      terms: [
        '1',
        'inputHeight',
        'outputHeight',
        'outputs',
        ...leftOf4('inputChannels').map((left) => `${left}*inputs`),
        'inputs',
      ],
    },
    {
      operators: [operator],
      release: 2026,
      kernels: 'cn',
      when: [int8],
      terms: [
        '1',
        'inputHeight',
        'pixels',
        'outputs',
        'pixels*floor(inputChannels%16/4)',
        'pixels*addedChannels',
      ],
    },
    {
      operators: [operator],
      when: [int8, is('addedChannels', 0)],
      terms: ['1', 'outputHeight', 'pixels', 'outputs', 'inputs'],
    },
    { operators: [operator], when: [int8], terms: ['1', 'pixels', 'outputs', 'inputs'] },
  ]),
  { operators: ['MIRROR_PAD'], when: [int8], terms: perOutput },
  ...['resize_bilinear', 'resize_nearest_neighbor'].map((operator) => ({
    operators: [operator],
    when: [int8],
    terms: perShape,
  })),
  ...['slice', 'SLICE', 'STRIDED_SLICE'].flatMap((operator) =>
    [int8, is('elementBytes', 4)].map((format) => ({
      operators: [operator],
      when: [format],
      terms: perShape,
    })),
  ),
  ...['SPACE_TO_DEPTH', 'DEPTH_TO_SPACE', 'SPACE_TO_BATCH_ND', 'BATCH_TO_SPACE_ND', 'GATHER'].map(
    (operator) => ({
      operators: [operator],
      when: [int8],
      terms: perRow,
    }),
  ),
  { operators: ['ARG_MAX'], when: [int8], terms: ['1', 'outputs', 'inputs'] },
  // Vectors gather the columns of a matrix.
  {
    operators: ['transpose'],
    release: 2026,
    kernels: 'cn',
    on: vector,
    when: [int8, is('rank', 3), is('axesKept', 1)],
    terms: ['1', 'inputHeight', 'inputHeight*inputChannels', 'inputHeight*inputChannels*ceil(inputWidth/8)'],
  },
  {
    operators: ['transpose'],
    release: 2026,
    kernels: 'cn',
    when: [int8, is('lastAxisKept', 1), { quantity: 'rank', atMost: 3 }],
    terms: ['1', 'inputHeight', 'inputHeight*inputWidth', 'inputs'],
  },
  {
    operators: ['transpose'],
    release: 2026,
    kernels: 'cn',
    when: [int8, { quantity: 'rank', atMost: 3 }],
    terms: [
      '1',
      'inputHeight',
      'inputHeight*inputWidth',
      '[inputChannels<4]*inputHeight*inputWidth',
      'inputs',
    ],
  },
  {
    operators: ['TRANSPOSE'],
    release: 2026,
    kernels: 'cn',
    when: [int8, { quantity: 'rank', atMost: 2 }],
    terms: ['1', 'inputWidth', 'inputs'],
  },
  { operators: ['transpose', 'TRANSPOSE'], kernels: 'ref', release: 2026, when: [int8], terms: perShape },
  { operators: ['transpose', 'TRANSPOSE'], release: 2021, when: [int8], terms: perShape },
  {
    operators: ['transpose_conv'],
    release: 2026,
    kernels: 'cn',
    on: scalar,
    when: [int8],
    terms: termsOf({
      1: ['1', 'outputs', 'pixels'],
      'inputHeight*floor(inputWidth/4)*kernelArea*outputChannels': [
        '1',
        'floor(inputChannels/4)',
        'inputChannels%4',
      ],
      'inputHeight*inputWidth%4*kernelArea*outputChannels': [
        '1',
        'floor(inputChannels/4)',
        'inputChannels%4',
      ],
    }),
  },
  {
    operators: ['transpose_conv'],
    release: 2026,
    kernels: 'cn',
    on: vector,
    when: [int8],
    terms: termsOf({
      1: ['1', 'pixels', 'pixels*ceil(outputChannels/4)'],
      'inputHeight*floor(inputWidth/4)*kernelArea*outputChannels': ['1', 'ceil(inputChannels/16)'],
      'inputHeight*inputWidth%4*kernelArea*outputChannels': ['1', 'ceil(inputChannels/16)'],
    }),
  },
  {
    operators: ['transpose_conv'],
    when: [int8],
    terms: termsOf({
      1: ['1', 'outputs', 'inputs', 'inputs*kernelHeight', 'inputs*kernelArea'],
      'insideTaps*inputChannels': ['outputChannels'],
      'paddedTaps*inputChannels': ['outputChannels'],
    }),
  },
  {
    operators: ['BATCH_MATMUL'],
    when: [int8],
    terms: ['1', 'crossed', 'pixels', 'outputs', 'macs'],
  },
  {
    operators: ['SVDF'],
    when: [int8],
    terms: ['1', 'units', 'units*inputChannels', 'allInputs'],
  },
  {
    operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
    when: [int8],
    terms: ['1', 'inputWidth', 'inputWidth*units', 'macs'],
  },
  ...['conv_2d', 'depthwise_conv_2d'].map((operator) => ({
    operators: [operator],
    when: [float],
    terms: ['1', 'outputs', 'insideTaps*outputChannels', 'innerMacs'],
  })),
  { operators: ['fully_connected'], when: [float], terms: ['1', 'outputs', 'macs'] },
];

/**
 * Instructions of the interpreter: once for each inference, and around each operator. The same for every model; how many
 * of them load and branch was not told apart.
 */
export const interpreterInstructions: Readonly<
  Record<Release, Readonly<Record<string, readonly [inference: number, operator: number]>>>
> = {
  2021: { 'm4-O3': [62, 12] },
  2026: {
    'm4-O3': [68, 12],
    'm4-Os': [63, 20],
    'm33-O3': [69, 11],
    'm0p-Os': [88, 26],
    'm55-Os': [69, 20],
  },
};

/** In the order in which a release asks. */
export const operatorRules: readonly OperatorRule[] = [
  vectorFullyConnected,
  ...wrapped,
  ...reference,
  ...generic,
];
