/** Windows over an image. */

import type { Window } from '../../operators/window.ts';
import type { Pair, Shape } from '../../space/network.ts';

/** Where padding `same` puts the rows and columns that are missing: the smaller half first. */
export function paddingBefore(
  { kernel, stride, padding }: Window,
  dilation: Pair,
  input: Shape,
  output: Shape,
): Pair {
  const before = (axis: 0 | 1): number => {
    const reach = ((output[axis] ?? 1) - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
    return padding === 'same' ? Math.floor(Math.max(0, reach - (input[axis] ?? 1)) / 2) : 0;
  };
  return [before(0), before(1)];
}
