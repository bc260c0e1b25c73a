/** Operators that put values elsewhere and leave them as they are. */

import { dims } from './attribute.ts';
import { Misfit, outOfRange } from './misfit.ts';
import { operator, sharedScale, single } from './operator.ts';
import { constant } from './tflite.ts';

const isOrder = (axes: readonly number[], rank: number): boolean =>
  axes.length === rank && axes.every((axis, at) => axis >= 0 && axis < rank && axes.indexOf(axis) === at);

/** Axes in another order. */
export const transpose = operator({
  kind: 'transpose',
  attributes: {
    axes: dims({
      name: 'axes',
      documentation:
        'The axis of the input that each axis of the output is, counted from 0: `2x0x1` puts the channels first.',
      least: 0,
    }),
  },
  outputs({ axes }, [input]) {
    if (input === undefined) throw new Misfit('unknown', undefined);
    const { shape } = input;
    if (!isOrder(axes, shape.length)) {
      const listed = shape.map((_, axis) => axis);
      outOfRange('order of the axes', `${listed.join('x')} in some order`, axes.join('x'));
    }
    return single(
      axes.map((axis) => shape[axis] ?? 1),
      input,
    );
  },
  // The order is a constant in the file, with the batch.
  counts: ({ axes }) => ({ constants: 1, constantBytes: 4 * (axes.length + 1) }),
  channels: { by: 'unknown' },
  converts: true,
  int8: sharedScale,
  tflite: {
    name: 'TRANSPOSE',
    version: () => 2,
    since: {},
    options: 0,
    encode: () => [],
    constants: ({ axes }) => [constant([axes.length + 1], [0, ...axes.map((axis) => axis + 1)])],
    decode({ inputs: [input, order], isUnary }) {
      const [batch, ...others] = order?.integers ?? [];
      const axes = others.map((axis) => axis - 1);
      const keepsBatch = batch === 0 && isOrder(axes, (input?.shape.length ?? 0) - 1);
      return isUnary && keepsBatch ? { axes } : undefined;
    },
  },
  examples: ['transpose 2x0x1', 'transpose 1x0x2'],
});
