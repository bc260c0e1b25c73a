/** Operators that slide a window over an image. Window arithmetic is that of TFLite (`ComputeOutSize`). */

import { pair, word } from './attribute.ts';
import { Misfit } from './misfit.ts';
import type { Outputs } from './operator.ts';
import { shapeText } from './tensors.ts';
import type { Pair, TensorSpec } from './tensors.ts';
import { int32Field, int8Field, sensible } from './tflite.ts';
import type { FileOptions, FileTensor, OptionField } from './tflite.ts';

export const kernel = pair({
  name: 'kernel',
  documentation: 'Rows x columns of the window; `3` is `3x3`.',
});
export const stride = pair({
  name: 'stride',
  documentation: 'Step of the window; `2` is `2x2`.',
  default: [1, 1],
  shownDefault: '1',
});
export const dilation = pair({
  name: 'dilation',
  documentation: 'Distance between the taps of the kernel.',
  default: [1, 1],
  shownDefault: '1',
});
export const padding = word({
  name: 'padding',
  words: ['same', 'valid'],
  default: 'same',
  documentation:
    '`same` pads with zeros so that only the stride shrinks the image; `valid` keeps the window inside.',
});

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: 'same' | 'valid';
}

/** `[height, width, channels]`. Throws a {@link Misfit} for what is no image. */
export function imageOf({ shape }: TensorSpec): readonly [number, number, number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    throw new Misfit('rank', { input: `a vector of ${shapeText(shape)}` });
  return [height, width, channels];
}

/** Places of the window: same `ceil(n / s)`, valid `floor((n - ((k - 1) * d + 1)) / s) + 1`, times `channels`. */
export function windowed(
  { kernel, stride, padding }: Window,
  dilation: Pair,
  input: TensorSpec,
  channelsOf: (channels: number) => number,
): Outputs {
  const [height, width, channels] = imageOf(input);
  const image = [height, width] as const;
  const places = ([0, 1] as const).map((axis) => {
    if (padding === 'same') return Math.ceil(image[axis] / stride[axis]);
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    return Math.floor((image[axis] - reach) / stride[axis]) + 1;
  });
  const [rows = 0, columns = 0] = places;
  if (rows < 1 || columns < 1)
    throw new Misfit('vanishes', { input: image.join('x'), kernel: kernel.join('x') });
  const isPast = stride[0] > height || stride[1] > width;
  return {
    outputs: [{ shape: [rows, columns, channelsOf(channels)], dtype: input.dtype }],
    stridesPast: isPast ? { input: image.join('x'), stride: stride.join('x') } : undefined,
  };
}

/** Padding and strides stand first in the options of every operator that has a window. */
export const windowFields = ({ stride, padding }: Window): OptionField[] => [
  int8Field(0, padding === 'valid' ? 1 : 0),
  int32Field(1, stride[1]),
  int32Field(2, stride[0]),
];

export function windowOf(options: FileOptions): Omit<Window, 'kernel'> | undefined {
  const step = sensible([options.int32(2), options.int32(1)]);
  return step && { stride: step, padding: options.int8(0) === 1 ? 'valid' : 'same' };
}

/** Dilations in two neighbouring fields, that of the width first. */
export const dilationOf = (options: FileOptions, field: number): Pair | undefined =>
  sensible([options.int32(field + 1, 1), options.int32(field, 1)]);

/** Sides of a constant filter `[out, rows, columns, in]`. */
export function filterOf(
  tensor: FileTensor | undefined,
): { readonly first: number; readonly kernel: Pair; readonly last: number } | undefined {
  if (tensor?.isConstant !== true) return undefined;
  const [first, height, width, last] = tensor.shape;
  if (first === undefined || height === undefined || width === undefined || last === undefined)
    return undefined;
  const sides = sensible([height, width]);
  return sides && { first, kernel: sides, last };
}
