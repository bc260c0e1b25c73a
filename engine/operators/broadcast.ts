/** The one rule of shapes for what joins two tensors value by value: checking, training and the 8-bit interpreter follow it. */

import type { Shape } from './tensors.ts';

/**
 * The shape that comes out: both have it, or one of the two has one value per channel of the other (`[c]` or `[1, 1, c]`,
 * as `gap` and a `conv` on one pixel leave it), or one per place of it (`[h, w, 1]`, as a `conv` of one channel leaves
 * it). `undefined` where they do not fit. It agrees with TensorFlow Lite, which aligns shapes at their ends.
 */
export function joinedShape(left: Shape, right: Shape): Shape | undefined {
  if (isSame(left, right)) return left;
  if (isPerChannel(right, left) || isPerPlace(right, left)) return left;
  return isPerChannel(left, right) || isPerPlace(left, right) ? right : undefined;
}

function isSame(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((extent, axis) => extent === right[axis]);
}

/** Whether `small` holds one value per channel of `large`, which has at least as many extents. */
function isPerChannel(small: Shape, large: Shape): boolean {
  return (
    small.length <= large.length &&
    small.at(-1) === large.at(-1) &&
    small.slice(0, -1).every((extent) => extent === 1)
  );
}

/** Whether `small` holds one value for all channels of each place of `large`. */
export function isPerPlace(small: Shape, large: Shape): boolean {
  return small.at(-1) === 1 && isSame(small.slice(0, -1), large.slice(0, -1));
}
