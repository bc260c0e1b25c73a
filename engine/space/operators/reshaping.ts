/** Input, pools and layers that change the shape and learn nothing. */

import { define } from './info.ts';
import type { OperatorInfo } from './info.ts';
import { kernel, padding, stride, type } from './parameters.ts';

export const reshaping: readonly OperatorInfo[] = [
  define(
    'input',
    'What the network is given: `input 96x96x3`. First statement of a space; replaces the input of the dataset.',
    {
      operand: {
        name: 'shape',
        kind: 'dims',
        default: undefined,
        documentation: 'Height x width x channels, or a number of features.',
      },
      parameters: [type],
      followers: [],
      snippet: 'input ${1:28x28x1}',
    },
  ),
  define('maxpool', 'Greatest value in a window. The stride is 1 unless written.', {
    operand: kernel('Rows x columns of the window.'),
    parameters: [stride, padding],
    fuses: true,
    snippet: 'maxpool ${1:2x2} stride ${2:2}',
  }),
  define('avgpool', 'Mean over a window. The stride is 1 unless written.', {
    operand: kernel('Rows x columns of the window.'),
    parameters: [stride, padding],
    fuses: true,
    snippet: 'avgpool ${1:2x2} stride ${2:2}',
  }),
  define(
    'gap',
    'Global average pool: the mean over height and width, one feature per channel (TFLite MEAN).',
    {},
  ),
  define('gmp', 'Global maximum pool: the greatest value over height and width (TFLite REDUCE_MAX).', {}),
  define('flatten', 'Turns a feature map into a vector (TFLite RESHAPE).', {}),
  define('reshape', 'Gives the same numbers another shape: `reshape -> 7x7x16`.', {
    output: {
      name: 'shape',
      kind: 'dims',
      default: undefined,
      documentation: 'The new shape; as many elements as before.',
    },
    snippet: 'reshape -> ${1:1x1x64}',
  }),
  define('pad', 'Zeros around the image: `pad 1x1` on all sides, or `pad before 0x0 after 1x1`.', {
    operand: {
      name: 'size',
      kind: 'pair',
      default: '0',
      documentation: 'Rows above and below x columns left and right.',
    },
    parameters: [
      { name: 'before', kind: 'pair', default: '0', documentation: 'Rows above x columns left.' },
      { name: 'after', kind: 'pair', default: '0', documentation: 'Rows below x columns right.' },
      { name: 'channels', kind: 'number', default: '0', documentation: 'Channels of zeros after the last.' },
    ],
    snippet: 'pad ${1:1x1}',
  }),
  define('resize', 'Scales the image to a size: `resize 40x40 mode bilinear`.', {
    operand: { name: 'size', kind: 'pair', default: undefined, documentation: 'New height x width.' },
    parameters: [
      {
        name: 'mode',
        kind: 'word',
        words: ['nearest', 'bilinear'],
        default: 'nearest',
        documentation: 'How values between the pixels are found.',
      },
    ],
    snippet: 'resize ${1:40x40}',
  }),
  define('upsample', 'Scales the image by whole factors: `upsample 2`.', {
    operand: {
      name: 'factor',
      kind: 'pair',
      default: undefined,
      documentation: 'Factor of the height x factor of the width.',
    },
    parameters: [
      {
        name: 'mode',
        kind: 'word',
        words: ['nearest', 'bilinear'],
        default: 'nearest',
        documentation: 'How values between the pixels are found.',
      },
    ],
    snippet: 'upsample ${1:2}',
  }),
];
