/** Whether samples can be brought to the size that a network takes. */

import type { Shape } from '../network.ts';

/** Whether the samples are pictures that can take the size: height and width may change, colours may not. */
export function canResize(from: Shape, to: Shape): boolean {
  return from.length === 3 && to.length === 3 && from[2] === to[2];
}

const numbers = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** As they are, in another layout of as many numbers, or resized. */
export function canTake(samples: Shape, input: Shape): boolean {
  return numbers(samples) === numbers(input) || canResize(samples, input);
}

/** Whether they are pictures that have to be made smaller or larger. */
export function isResized(samples: Shape, input: Shape): boolean {
  return numbers(samples) !== numbers(input) && canResize(samples, input);
}
