/** Layers with weights, into which `bn` is folded. */

import { afterWeights, define } from './info.ts';
import type { OperatorInfo } from './info.ts';
import { bias, dilation, kernel, padding, stride, units } from './parameters.ts';

export const weighted: readonly OperatorInfo[] = [
  define('conv', 'Convolution in two dimensions (TFLite CONV_2D).', {
    operand: kernel('Rows x columns of the window; `3` is `3x3`.'),
    output: { name: 'channels', kind: 'count', default: undefined, documentation: 'Number of filters.' },
    parameters: [
      stride,
      padding,
      dilation,
      {
        name: 'groups',
        kind: 'count',
        default: '1',
        documentation: 'Split the channels into groups that do not see each other.',
      },
      bias,
    ],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'conv ${1:3x3} -> ${2:16}',
  }),
  define('dwconv', 'Depthwise convolution: one filter per channel (TFLite DEPTHWISE_CONV_2D).', {
    operand: kernel('Rows x columns of the window; `3` is `3x3`.'),
    parameters: [
      stride,
      padding,
      dilation,
      { name: 'multiplier', kind: 'count', default: '1', documentation: 'Filters per input channel.' },
      bias,
    ],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'dwconv ${1:3x3}',
  }),
  define('dense', 'Fully connected layer; flattens what arrives (TFLite FULLY_CONNECTED).', {
    output: units,
    parameters: [bias],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'dense -> ${1:classes}',
  }),
  define('reduce', 'Halves height and width and sets the channels: a 3x3 convolution with stride 2.', {
    output: { name: 'channels', kind: 'count', default: undefined, documentation: 'Number of filters.' },
    parameters: [bias],
    followers: afterWeights,
    weighted: true,
    fuses: true,
    snippet: 'reduce -> ${1:32}',
  }),
];
