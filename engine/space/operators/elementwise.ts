/** Activations and what changes single values, or nothing at all. */

import { define } from './info.ts';
import type { OperatorInfo, OperatorParameter } from './info.ts';
import { type } from './parameters.ts';

const activation = (name: string, documentation: string, operand?: OperatorParameter): OperatorInfo =>
  define(name, documentation, { operand, followers: ['dropout'] });

export const elementwise: readonly OperatorInfo[] = [
  activation('relu', 'max(x, 0). Free after a convolution, dense layer, pool or addition.'),
  activation('relu6', 'min(max(x, 0), 6). Free after a convolution, dense layer, pool or addition.'),
  activation('hswish', 'x * relu6(x + 3) / 6 (MobileNetV3). An operator of its own.'),
  activation('sigmoid', '1 / (1 + exp(-x)) (TFLite LOGISTIC).'),
  activation('tanh', 'Hyperbolic tangent.'),
  activation('leaky', 'x where positive, else slope * x (TFLite LEAKY_RELU).', {
    name: 'slope',
    kind: 'number',
    default: '0.01',
    documentation: 'Slope for negative values.',
  }),
  activation('softmax', 'Turns scores into shares that add up to one.'),
  define(
    'bn',
    'Batch normalisation. Write it after a comma; at export it is folded into the layer before it and costs nothing.',
    { followers: [] },
  ),
  define('dropout', 'Sets a share of the values to zero while training; absent from the exported model.', {
    operand: { name: 'rate', kind: 'number', default: '0.5', documentation: 'Share of the values, 0 to 1.' },
    followers: [],
    snippet: 'dropout ${1:0.2}',
  }),
  define('identity', 'Does nothing; useful as an option: `{conv 3x3 -> 16 | identity}`.', { followers: [] }),
  define('none', 'The same as `identity`.', { followers: [] }),
  define(
    'skip',
    'As an option of a choice: does nothing. As a statement (`skip add`) it joins the input of the body.',
    { followers: [] },
  ),
  define('quantize', 'Changes the number format to int8 (TFLite QUANTIZE).', { followers: [] }),
  define('requantize', 'Changes the number format: `requantize int8` (TFLite QUANTIZE).', {
    operand: { ...type, documentation: 'The new number format.' },
    followers: [],
  }),
  define('dequantize', 'Changes the number format to float32.', { followers: [] }),
];
