/** Parameters that several operators share. */

import type { OperatorParameter } from './info.ts';

export const stride: OperatorParameter = {
  name: 'stride',
  kind: 'pair',
  default: '1',
  documentation: 'Step of the window; `2` is `2x2`.',
};
export const padding: OperatorParameter = {
  name: 'padding',
  kind: 'word',
  words: ['same', 'valid'],
  default: 'same',
  documentation:
    '`same` pads with zeros so that only the stride shrinks the image; `valid` keeps the window inside.',
};
export const dilation: OperatorParameter = {
  name: 'dilation',
  kind: 'pair',
  default: '1',
  documentation: 'Distance between the taps of the kernel.',
};
export const bias: OperatorParameter = {
  name: 'bias',
  kind: 'switch',
  words: ['on', 'off'],
  default: 'on',
  documentation: 'Add a trained constant per channel.',
};
export const type: OperatorParameter = {
  name: 'type',
  kind: 'word',
  words: ['int8', 'uint8', 'int16', 'int32', 'float32'],
  default: 'int8',
  documentation: 'Number format of the tensor.',
};
export const kernel = (documentation: string): OperatorParameter => ({
  name: 'kernel',
  kind: 'pair',
  default: undefined,
  documentation,
});
export const units: OperatorParameter = {
  name: 'units',
  kind: 'count',
  default: undefined,
  documentation: 'Number of features put out.',
};

/** Parameters that every layer takes. */
export const commonParameters: readonly OperatorParameter[] = [
  {
    name: 'from',
    kind: 'tensor',
    default: undefined,
    documentation: 'Start from a tensor named with `as` instead of the current one.',
  },
  {
    name: 'as',
    kind: 'tensor',
    default: undefined,
    documentation: 'Name the output, so that `from`, `add(...)` or `concat(...)` can take it later.',
  },
];
