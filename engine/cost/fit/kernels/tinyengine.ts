/** Makes the kernel file of TinyEngine, whose generated code calls its kernels directly. */

import type { Condition, KernelLibrary } from '../../../../device-profiles/types.ts';
import { template } from '../../../operators/catalogue.ts';
import type { OpTemplate, Pair } from '../../../space/network.ts';
import { compileConditions } from '../../rules.ts';
import { measureQuantities } from '../../quantities.ts';
import { readCounts, type Row } from './counted-layers.ts';
import { fitKernel, type Sample } from './fit-form.ts';
import { int8, is, termsOf } from './terms.ts';

interface KernelRule {
  readonly operator: 'conv_2d' | 'depthwise_conv_2d';
  readonly kernel: string;
  /** How its rows of the counts begin. */
  readonly rows: string;
  readonly when: readonly Condition[];
  readonly terms: readonly string[];
}

const undilated = is('maxDilation', 1);
const square = (side: number): readonly Condition[] => [is('kernelHeight', side), is('kernelWidth', side)];

const product = ['1', 'floor(inputChannels/4)', 'inputChannels%4'];
const oneByOne = [int8, is('groups', 1), ...square(1), is('maxStride', 1)];
const oneByOneTerms = termsOf({
  1: ['1', 'pixels'],
  'floor(pixels/2)*floor(outputChannels/2)': product,
  'floor(pixels/2)*outputChannels%2': product,
  'pixels%2*outputChannels': product,
});

/** A depthwise kernel goes through the image channel by channel. */
const depthwise = (side: number, stride: number): KernelRule => ({
  operator: 'depthwise_conv_2d',
  kernel: `depthwise_kernel${side}x${side}_stride${stride}`,
  rows: `dw${side}x${side}_s${stride}`,
  when: [int8, is('depthMultiplier', 1), undilated, ...square(side), is('maxStride', stride)],
  terms: [
    '1',
    'inputChannels',
    'inputs',
    'outputs',
    'outputHeight*inputChannels',
    'inputHeight*inputChannels',
  ],
});

const rules: readonly KernelRule[] = [
  // Kernels with their inner loop written out.
  ...[8, 16, 24, 48].map((channels): KernelRule => ({
    operator: 'conv_2d',
    kernel: `convolve_1x1_ch${channels}`,
    rows: `1x1_ch${channels}`,
    when: [...oneByOne, is('inputChannels', channels)],
    terms: ['1', 'pixels', 'floor(pixels/2)*floor(outputChannels/2)', 'pixels*outputChannels'],
  })),
  { operator: 'conv_2d', kernel: 'convolve_1x1', rows: '1x1_fpreq', when: oneByOne, terms: oneByOneTerms },
  {
    operator: 'conv_2d',
    kernel: 'convolve_kernel3_inputch3_stride2',
    rows: '3x3_first',
    when: [int8, is('groups', 1), undilated, ...square(3), is('inputChannels', 3), is('maxStride', 2)],
    terms: ['1', 'pixels', 'outputs'],
  },
  depthwise(3, 1),
  depthwise(3, 2),
  depthwise(5, 1),
  depthwise(7, 1),
  depthwise(7, 2),
];

function sampleOf(row: Row): Sample {
  const n = (name: string): number => Number(row[name]);
  const kernel: Pair = [n('k'), n('k')];
  const stride: Pair = [n('stride'), n('stride')];
  const isDepthwise = row['kernel']?.startsWith('dw') === true;
  const op: OpTemplate = isDepthwise
    ? template('depthwise_conv_2d', { kernel, stride })
    : template('conv_2d', { kernel, stride, filters: n('out_c') });
  const side = (name: string): number => Math.ceil(n(name) / n('stride'));
  const output = [side('in_h'), side('in_w'), isDepthwise ? n('in_c') : n('out_c')];
  return {
    quantities: measureQuantities(op, [[n('in_h'), n('in_w'), n('in_c')]], output),
    counts: [n('instructions'), n('load_regs'), n('branches_taken')],
  };
}

/** What each kernel was counted for. Throws where a rule would not choose the kernel that ran. */
export function samplesOf(): readonly { readonly rule: KernelRule; readonly samples: readonly Sample[] }[] {
  const rows = readCounts('tinyengine.csv').map((row) => ({ row, sample: sampleOf(row) }));
  return rules.map((rule) => {
    const holds = compileConditions(rule.when);
    const samples = rows.flatMap(({ row, sample }) => (row['kernel']?.startsWith(rule.rows) ? [sample] : []));
    if (samples.length === 0 || !samples.every(({ quantities }) => holds(quantities)))
      throw new Error(`The rule of TinyEngine's kernel ${rule.kernel} does not fit what was counted for it.`);
    return { rule, samples };
  });
}

export const fitTinyEngine = (): KernelLibrary => ({
  $schema: '../schema/kernels.schema.json',
  id: 'tinyengine-m4-O3',
  library: 'TinyEngine',
  version: '47bb283c',
  core: 'cortex-m4',
  flags: 'O3',
  compiler: 'arm-none-eabi-gcc 12.2.1',
  source: {
    title: 'Instruction counts of this project: the kernels ran on an emulated core',
    date: '2026-11-30',
    note: 'measurements/counts/tinyengine.csv; the kernels that requantise with floating point, as generated code calls them',
  },
  kernels: samplesOf().map(({ rule: { operator, when, kernel, terms }, samples }) => ({
    operators: [operator],
    when,
    kernel,
    ...fitKernel(samples, terms),
  })),
});
