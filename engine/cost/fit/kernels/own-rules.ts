/**
 * What the instructions of this project's own kernels are a sum of (firmware-probe/firmware/kernels): which loops a layer
 * goes through, by core. Convolutions take four pixels and four values at a time, depthwise ones four outputs or channels.
 */

import type { Condition } from '../../../../device-profiles/types.ts';
import type { CoreKind } from './cmsis-nn-rules.ts';
import { by16, int8, is, leftOf4, termsOf } from './terms.ts';

export interface OwnRule {
  readonly operators: readonly string[];
  readonly kernel: string;
  /** Kinds of cores; all when absent. */
  readonly on?: readonly CoreKind[];
  readonly when?: readonly Condition[];
  readonly terms: readonly string[];
}

const atLeast = (quantity: string, least: number): Condition => ({ quantity, atLeast: least });
const whole: readonly Condition[] = [int8, is('groups', 1), is('maxDilation', 1)];

/** Rows of weights times columns of four pixels; pixels left over go row by row, four rows at a time. */
const productOf = (steps: readonly string[]): readonly string[] =>
  termsOf({
    1: ['1', 'pixels'],
    groups: ['1'],
    'floor(pixels/4)': ['1', ...steps],
    'floor(pixels/4)*outputChannels': ['1', ...steps],
    'pixels%4': ['1', ...steps],
    'pixels%4*floor(outputChannels/4)': ['1', ...steps],
    'pixels%4*outputChannels%4': ['1', ...steps],
  });
const fours = ['ceil(windowSize/4)', 'ceil(windowSize/8)'];
const sixteens = ['ceil(windowSize/16)'];

/** A run of channels that is copied, or filled with padding. */
const run: Readonly<Record<CoreKind, readonly string[]>> = {
  plain: ['1', 'inputChannels'],
  dsp: ['1', 'inputChannels', 'floor(inputChannels/4)', 'floor(inputChannels/16)'],
  vector: ['1', 'inputChannels', 'ceil(inputChannels/16)'],
};

/** What a window sees is copied first, a run for each of its rows. */
const windows = (kind: CoreKind): readonly string[] =>
  termsOf({
    1: ['outputHeight', 'pixels*kernelHeight', 'pixels*kernelArea'],
    'outputWidth*insideRows': ['1'],
    'outputHeight*insideColumns': ['1'],
    insideTaps: run[kind],
    paddedTaps: run[kind],
    'pixels%4': ['windowSize', 'kernelHeight'],
    'floor(pixels/4)': ['windowSize'],
  });

const kinds: readonly CoreKind[] = ['plain', 'dsp', 'vector'];
const stepsOf = (kind: CoreKind): readonly string[] => (kind === 'vector' ? sixteens : fours);

/** Of windows with holes, or of a group, each place is a run of its own. */
const apart = (kind: CoreKind): readonly string[] => {
  const steps = stepsOf(kind);
  return termsOf({
    1: ['1'],
    groups: ['1', 'pixels', 'pixels*kernelHeight', 'pixels*windowSize', 'outputWidth*insideRows'],
    'floor(pixels/4)*groups': ['windowSize'],
    'floor(pixels/4)*outputChannels': ['1', ...steps],
    'pixels%4*outputChannels': ['1', ...steps],
    'pixels%4*floor(outputChannels/4)': ['1', ...steps],
    'pixels%4*groups': ['1', ...steps, 'kernelArea', 'windowSize'],
    insideTaps: ['groups', ...run[kind].slice(1)],
    paddedTaps: ['groups', ...run[kind].slice(1)],
  });
};

const four: Condition = { quantity: 'inputChannels', multipleOf: 4 };

const convolutions = kinds.flatMap((kind): readonly OwnRule[] => {
  const common = { operators: ['conv_2d'], kernel: 'nas_conv2d_s8', on: [kind] };
  const steps = stepsOf(kind);
  const oneByOne = [...whole, is('kernelArea', 1)];
  return [
    ...(kind === 'plain'
      ? []
      : [
          {
            ...common,
            when: [...oneByOne, ...(kind === 'vector' ? [is('maxStride', 1)] : [four])],
            terms: productOf(steps),
          },
        ]),
    ...(kind === 'dsp'
      ? [{ ...common, when: [...whole, four], terms: [...productOf(steps), ...windows(kind)] }]
      : []),
    { ...common, when: oneByOne, terms: [...productOf(steps), ...windows(kind)] },
    { ...common, when: whole, terms: [...productOf(steps), ...windows(kind)] },
    ...[[int8, is('groups', 1), four], [int8, is('groups', 1)], [int8]].map((when) => ({
      ...common,
      when,
      terms: apart(kind),
    })),
  ];
});

/** Rows of an image of which there are as many in memory as fit, with the padding around. */
const band = [
  ...['1', 'inputHeight', 'inputHeight*inputWidth', 'paddedRows', 'paddedRows*inputWidth'],
  ...[
    'paddedRows*paddedColumns',
    'inputHeight*paddedColumns',
    'inputHeight*outputWidth',
    'outputHeight*kernelHeight*inputWidth',
  ],
];
const plainDepthwise = termsOf({
  1: ['1', 'outputs'],
  inputChannels: [...band, 'kernelArea'],
  outputChannels: ['1', 'kernelArea', 'outputHeight'],
  'outputHeight*ceil(outputWidth/4)*outputChannels': ['1', 'ceil(kernelArea/2)'],
  'outputHeight*outputWidth%4*outputChannels': ['1'],
});
const quads = 'ceil(inputChannels/4)';
const dspDepthwise = termsOf({
  1: ['1', 'inputWidth*kernelHeight', 'borderedPixels'],
  [quads]: [
    ...band,
    ...['kernelHeight', 'kernelHeight*ceil(kernelWidth/2)', 'outputHeight', 'pixels'],
    ...['pixels*kernelHeight', 'pixels*kernelHeight*ceil(kernelWidth/2)'],
  ],
});
/** Of fewer than four channels, or of several made of each. */
const singles = [
  'outputs',
  'outputs*kernelArea',
  'inputs',
  'outputChannels*kernelArea',
  'inputChannels*kernelArea',
];
const vectors = 'ceil(outputChannels/4)';
const vectorDepthwise = termsOf({
  1: ['1', 'ceil(inputChannels/4)'],
  'ceil(pixels/4)': ['1', 'kernelHeight', 'kernelArea'],
  'outputWidth*insideRows': ['1', 'kernelWidth'],
  insideTaps: ['1'],
  [`ceil(pixels/4)*${vectors}`]: ['1', 'kernelArea'],
});
const few: Condition = { quantity: 'inputChannels', atMost: 3 };
const depthwise = { operators: ['depthwise_conv_2d'], kernel: 'nas_depthwise_conv2d_s8' };
const threeByThree = [is('kernelHeight', 3), is('kernelWidth', 3), is('maxDilation', 1)];
const multiplied = atLeast('depthMultiplier', 2);

const depthwises: readonly OwnRule[] = [
  { ...depthwise, on: ['plain'], when: [int8], terms: plainDepthwise },
  ...[
    [multiplied, few],
    [multiplied],
    [few],
    ...[1, 2].map((stride) => [...threeByThree, is('strideWidth', stride)]),
    [is('strideWidth', 2)],
    [is('maxDilation', 1)],
    [],
  ].map((when): OwnRule => ({
    ...depthwise,
    on: ['dsp'],
    when: [int8, ...when],
    terms: when[0] === multiplied || when[0] === few ? [...dspDepthwise, ...singles] : dspDepthwise,
  })),
  ...[[{ quantity: 'outputChannels', atMost: 3 }], [multiplied], []].map((when): OwnRule => ({
    ...depthwise,
    on: ['vector'],
    when: [int8, ...when],
    terms: vectorDepthwise,
  })),
];

const rowsOfFour = 'floor(outputChannels/4)';
const dense: readonly OwnRule[] = [
  ...kinds.map((kind): OwnRule => {
    const steps = kind === 'vector' ? sixteens : ['floor(windowSize/4)', ...leftOf4('windowSize')];
    return {
      operators: ['fully_connected'],
      kernel: 'nas_fully_connected_s8',
      on: [kind],
      when: [int8],
      terms: termsOf({ 1: ['1'], [rowsOfFour]: ['1', ...steps], 'outputChannels%4': ['1', ...steps] }),
    };
  }),
];

/** A convolution for each phase of the stride, whose rows are apart unless there is one phase. */
const phases = 'strideHeight*strideWidth';
const transposed: readonly OwnRule[] = [
  {
    operators: ['transpose_conv'],
    kernel: 'nas_conv2d_s8',
    when: [is('maxStride', 1)],
    terms: termsOf({
      1: [
        '1',
        'outputHeight',
        'pixels',
        'insideTaps',
        'insideTaps*inputChannels',
        'pixels*kernelArea*inputChannels',
      ],
      'floor(pixels/4)*outputChannels': ['1', 'kernelArea*inputChannels'],
      'pixels%4*outputChannels': ['1', 'kernelArea*inputChannels'],
    }),
  },
  {
    operators: ['transpose_conv'],
    kernel: 'nas_conv2d_s8',
    terms: termsOf({
      1: ['1', phases],
      [`${phases}*inputHeight`]: ['1', 'inputWidth'],
      'strideWidth*inputHeight*inputWidth': ['kernelHeight'],
      'kernelArea*inputHeight*inputWidth': ['ceil(inputChannels/16)'],
      [`${phases}*inputHeight*floor(inputWidth/4)`]: ['outputChannels'],
      [`${phases}*inputHeight*inputWidth%4`]: ['1', 'outputChannels'],
      'kernelArea*inputHeight*floor(inputWidth/4)': ['1', 'inputChannels', 'inputChannels*outputChannels'],
      'kernelArea*inputHeight*inputWidth%4': ['1', 'inputChannels', 'inputChannels*outputChannels'],
    }),
  },
];

const pools: readonly OwnRule[] = (['max_pool_2d', 'average_pool_2d'] as const).map((kind) => ({
  operators: [kind],
  kernel: kind === 'max_pool_2d' ? 'nas_max_pool_s8' : 'nas_average_pool_s8',
  terms: termsOf({
    1: ['1', 'outputHeight', 'outputWidth*insideRows'],
    pixels: ['1', ...by16('inputChannels'), 'inputChannels'],
    insideTaps: ['1', ...by16('inputChannels'), 'inputChannels'],
    'outputWidth*insideRows': ['floor(inputChannels/4)', 'inputChannels%4'],
  }).filter((term, at, all) => all.indexOf(term) === at),
}));

const reductions: readonly OwnRule[] = [
  {
    operators: ['mean'],
    kernel: 'nas_mean_s8',
    terms: termsOf({
      1: ['1'],
      'floor(inputChannels/4)': ['1', 'inputHeight*inputWidth'],
      'inputChannels%4': ['1', 'inputHeight*inputWidth'],
    }),
  },
  { operators: ['channel_mean'], kernel: 'nas_mean_s8', terms: ['1', 'pixels', 'pixels*inputChannels'] },
  {
    operators: ['reduce_max'],
    kernel: 'nas_reduce_max_s8',
    terms: termsOf({
      1: ['1', 'inputHeight*inputWidth'],
      'inputHeight*inputWidth': by16('inputChannels'),
      outputChannels: ['1'],
    }),
  },
];

const pairTerms = ['1', 'outputs', 'pixels', 'broadcast*pixels'];
const pairs: readonly OwnRule[] = [
  ...[['add'], ['sub', 'channel_sub'], ['add_scalar'], ['squared_difference']].map((operators): OwnRule => ({
    operators,
    kernel: 'nas_add_s8',
    terms: pairTerms,
  })),
  ...['mul', 'mul_scalar', 'channel_mul'].map((kind): OwnRule => ({
    operators: [kind],
    kernel: 'nas_mul_s8',
    terms: pairTerms,
  })),
];

const functions: readonly OwnRule[] = [
  {
    operators: [
      'relu',
      'relu6',
      'hard_swish',
      'logistic',
      'tanh',
      'elu',
      'gelu',
      'leaky_relu',
      'rsqrt',
      'quantize',
    ],
    kernel: 'nas_lookup_s8',
    terms: ['1', 'floor(outputs/4)', 'outputs%4'],
  },
  { operators: ['prelu'], kernel: 'nas_prelu_s8', terms: ['1', 'pixels', 'outputs'] },
  { operators: ['softmax'], kernel: 'nas_softmax_s8', terms: ['1', 'pixels', 'outputs'] },
];

const copies = (quantity: string): readonly string[] => [
  `floor(${quantity}/16)`,
  `floor(${quantity}%16/4)`,
  ...leftOf4(quantity),
];
/** Copies of runs of channels, so many of them: in words where all begin and end at one. */
const runs = (kind: string, many: string, when: readonly Condition[] = []): readonly OwnRule[] =>
  [
    [
      { quantity: 'outputChannels', multipleOf: 4 },
      { quantity: 'inputChannels', multipleOf: 4 },
    ],
    [],
  ].map((aligned) => ({
    operators: [kind],
    kernel: kind.startsWith('resize') ? 'nas_resize_nearest_s8' : 'nas_move_s8',
    when: [...when, ...aligned],
    terms: termsOf({ 1: ['1', 'outputHeight'], [many]: ['1', ...copies('outputChannels')] }),
  }));
const moves: readonly OwnRule[] = [
  { operators: ['reshape'], kernel: 'nas_move_s8', terms: ['1', ...copies('outputs')] },
  ...runs('transpose', 'pixels', [is('lastAxisKept', 1)]),
  { operators: ['transpose'], kernel: 'nas_move_s8', terms: ['1', 'outputs', 'outputHeight', 'pixels'] },
  ...runs('slice', 'pixels'),
  ...runs('split', 'pieces'),
  {
    operators: ['concatenation'],
    kernel: 'nas_move_s8',
    terms: termsOf({ 1: ['1', 'operands', 'outputs', 'pieces'], pixels: ['operands'] }),
  },
  {
    operators: ['pad'],
    kernel: 'nas_move_s8',
    terms: ['1', 'outputs', 'inputs', 'inputHeight'],
  },
  ...runs('resize_nearest_neighbor', 'pixels'),
  {
    operators: ['resize_bilinear'],
    kernel: 'nas_resize_bilinear_s8',
    terms: ['1', 'outputHeight', 'pixels', 'outputs'],
  },
];

/** In the order in which they are asked. */
export const ownRules: readonly OwnRule[] = [
  ...convolutions,
  ...depthwises,
  ...dense,
  ...transposed,
  ...pools,
  ...reductions,
  ...pairs,
  ...functions,
  ...moves,
];
