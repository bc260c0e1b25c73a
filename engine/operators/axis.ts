/** Axes of tensors, which carry no batch: counted from 0, or -1 for the last, the channels, whatever the rank. */

import { said, wrongType } from './attribute.ts';
import type { Attribute, Said } from './attribute.ts';
import { outOfRange } from './misfit.ts';
import { elementsOf } from './tensors.ts';
import type { Shape } from './tensors.ts';
import { valueText } from './values.ts';

const channels = -1;

export function axis(own: Said<number>): Attribute<number> {
  return {
    ...said(own, String),
    kind: 'number',
    read(value) {
      if (typeof value !== 'number') wrongType(own.name, 'a number', value);
      const rounded = Math.round(value);
      if (rounded < 0) outOfRange(own.name, 'at least 0', valueText(value));
      return rounded;
    },
    settled: (value, input) => (value === (input?.shape.length ?? 0) - 1 ? channels : value),
    key: (value, key) => key.push(value),
    others: (value) => [0, 1, channels].filter((other) => other !== value),
  };
}

/** Its position among the extents of a shape. Throws a {@link Misfit} for one that a tensor of this rank has not. */
export function alongOf(axis: number, rank: number): number {
  const along = axis === channels ? rank - 1 : axis;
  if (along >= rank) outOfRange('axis', `from 0 to ${rank - 1}`, along);
  return along;
}

/** For each index before the axis, one run of values of each of so many tensors. */
export const piecesAlong = (axis: number, shape: Shape, tensors: number): number =>
  elementsOf(shape.slice(0, axis === channels ? -1 : axis)) * tensors;

/** The same where the batch stands before the extents. */
export const withBatch = (axis: number, rank: number): number => alongOf(axis, rank) + 1;

/** The axis that a file says, from either end, of tensors with the batch; `undefined` for the batch or none of them. */
export function withoutBatch(given: number, rank: number): number | undefined {
  const along = given < 0 ? given + rank : given;
  if (along < 1 || along >= rank) return undefined;
  return along === rank - 1 ? channels : along - 1;
}
