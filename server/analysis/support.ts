/** How well the target's runtime runs each layer, over all architectures: found by the walk that bounds sums. */

import type { Statement } from '../../grammar/ast.ts';
import { supportOfShapes, type Support, type Target } from '../../engine/cost/index.ts';
import type { AdditiveMeasure, SearchSpace } from '../../engine/space/types.ts';
import type { Instance } from './costs.ts';

export interface LayerSupport {
  /** Of the worst instance. */
  readonly worst: Support;
  /** Every instance is as badly off. */
  readonly always: boolean;
  /** The instance that {@link worst} speaks of; absent for layers that lower to no operator. */
  readonly example: Instance | undefined;
}

const badness = { fast: 0, slow: 1, none: 2 } as const;
/** More MACs than any layer on a microcontroller has: the worse level always comes first. */
const levelWeight = 1e15;

const fast: Support = { level: 'fast' };

/** By statement. The first slot makes the worst instance the example of its statement. */
export function supportBounds(space: SearchSpace, target: Target): ReadonlyMap<Statement, LayerSupport> {
  const measure: AdditiveMeasure = {
    width: 2,
    measure(op, inputs, output, out) {
      const level = badness[supportOfShapes(op, inputs, output, target).level];
      out[0] = level * levelWeight + output.reduce((product, extent) => product * extent, 1);
      out[1] = level;
    },
  };
  const supports = new Map<Statement, LayerSupport>();
  for (const { statement, bounds, example } of space.bounds(measure).statements) {
    const level = bounds[1];
    if (level === undefined || level.high < 1 || example === undefined) {
      supports.set(statement, { worst: fast, always: true, example });
      continue;
    }
    // A statement of several operators (a layer and its activation) counts the levels of all: any above 0 is bad.
    const worst = supportOfShapes(example.op, example.inputs, example.output, target);
    supports.set(statement, { worst, always: level.low > 0, example });
  }
  return supports;
}
