/**
 * How well the target's runtime runs each layer, over all architectures. The walk that bounds the costs visits
 * every operator with every shape, so it is listened to instead of walking again.
 */

import type { Statement } from '../../grammar/ast.ts';
import {
  boundSpace,
  supportOfShapes,
  type SpaceBounds,
  type Support,
  type Target,
} from '../../engine/cost/index.ts';
import type { AdditiveBounds, AdditiveMeasure, SearchSpace } from '../../engine/space/types.ts';
import type { Instance } from './costs.ts';

export interface LayerSupport {
  /** Of the worst instance. */
  readonly worst: Support;
  /** Every instance is as badly off. */
  readonly always: boolean;
  /** The instance that {@link worst} speaks of; absent for layers that are fast. */
  readonly example: Instance | undefined;
}

export interface BoundsAndSupport {
  readonly bounds: SpaceBounds;
  readonly supports: ReadonlyMap<Statement, LayerSupport>;
}

const badness = { fast: 0, slow: 1, none: 2 } as const;

const fast: LayerSupport = { worst: { level: 'fast' }, always: true, example: undefined };

interface Listened {
  readonly instance: Instance;
  readonly support: Support;
}

export function boundWithSupport(space: SearchSpace, target: Target): BoundsAndSupport {
  const bad: Listened[] = [];
  let levels: AdditiveBounds | undefined;
  let slot = 0;
  const listen = (inner: AdditiveMeasure): AdditiveBounds => {
    slot = inner.width;
    levels = space.bounds({
      width: inner.width + 1,
      measure(op, inputs, output, out) {
        inner.measure(op, inputs, output, out.subarray(0, inner.width));
        const support = supportOfShapes(op, inputs, output, target);
        out[inner.width] = badness[support.level];
        if (support.level !== 'fast') bad.push({ instance: { op, inputs, output }, support });
      },
    });
    return { ...levels, total: levels.total.slice(0, inner.width) };
  };
  // The space itself with one method replaced; all else is inherited.
  const listening = Object.create(space, { bounds: { value: listen } }) as SearchSpace;
  const bounds = boundSpace(listening, target);
  const supports = new Map<Statement, LayerSupport>();
  let worstOf: ReadonlyMap<Statement, Instance> | undefined;
  for (const { statement, file, bounds: own } of levels?.statements ?? []) {
    const level = own[slot];
    if (level === undefined || level.high < 1) {
      supports.set(statement, fast);
      continue;
    }
    const heard = bad
      .filter(({ instance: { op } }) => op.source.file === file && isWithin(statement, op.source.start))
      .sort((a, b) => badness[b.support.level] - badness[a.support.level] || sizeOf(b) - sizeOf(a))[0];
    if (heard !== undefined) {
      supports.set(statement, { worst: heard.support, always: level.low > 0, example: heard.instance });
      continue;
    }
    // An equal operator of another statement was measured in its place: ask for this statement's own.
    worstOf ??= worstInstances(space, target);
    const example = worstOf.get(statement);
    if (example === undefined) supports.set(statement, fast);
    else {
      const worst = supportOfShapes(example.op, example.inputs, example.output, target);
      supports.set(statement, { worst, always: level.low > 0, example });
    }
  }
  return { bounds, supports };
}

/** Elements put out: of equally bad instances the greatest is shown. */
function sizeOf({ instance }: Listened): number {
  return instance.output.reduce((product, extent) => product * extent, 1);
}

function isWithin(statement: Statement, offset: number): boolean {
  return statement.start <= offset && offset < statement.end;
}

/** By statement: a walk whose first slot makes the worst instance the example. */
function worstInstances(space: SearchSpace, target: Target): ReadonlyMap<Statement, Instance> {
  const found = new Map<Statement, Instance>();
  const { statements } = space.bounds({
    width: 1,
    measure(op, inputs, output, out) {
      out[0] = badness[supportOfShapes(op, inputs, output, target).level];
    },
  });
  for (const { statement, example } of statements) if (example !== undefined) found.set(statement, example);
  return found;
}
