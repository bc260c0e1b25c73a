/** Calls of what puts values elsewhere. */

import { int8 } from '../../../engine/train/index.ts';
import type { Shape } from '../../../engine/space/network.ts';
import type { Call } from './call.ts';

/** A block of values: its extents, and the steps along each from value to value on both sides. */
export interface Block {
  readonly extents: readonly number[];
  readonly inSteps: readonly number[];
  readonly outSteps: readonly number[];
  readonly inFirst?: number;
  readonly outFirst?: number;
}

const AXES = 4;

/**
 * Axes that go on where the next one ends become one with it, and those of one value are left out. Throws an `Error` where
 * more than four are left, which no operator makes of an image.
 */
function merged({ extents, inSteps, outSteps }: Block): readonly (readonly [number, number, number])[] {
  const axes: [number, number, number][] = [];
  extents.forEach((extent, axis) => {
    const [inStep = 0, outStep = 0] = [inSteps[axis], outSteps[axis]];
    const last = axes.at(-1);
    if (extent === 1) return;
    if (last !== undefined && last[1] === extent * inStep && last[2] === extent * outStep)
      axes[axes.length - 1] = [last[0] * extent, inStep, outStep];
    else axes.push([extent, inStep, outStep]);
  });
  if (axes.length > AXES) throw new Error(`A block of ${axes.length} axes cannot be moved by one call.`);
  const missing = Array.from({ length: AXES - axes.length }, () => [1, 1, 1] as const);
  return [...missing, ...axes];
}

export function moveCall(block: Block, input = 0): Call {
  const axes = merged(block);
  const named = (name: string, at: 0 | 1 | 2) => axes.map((axis, i) => [`${name}${i}`, axis[at]] as const);
  return {
    kernel: 'move',
    numbers: Object.fromEntries([
      ...named('extent', 0),
      ['in_first', block.inFirst ?? 0],
      ...named('in_step', 1),
      ['out_first', block.outFirst ?? 0],
      ...named('out_step', 2),
    ]),
    arrays: {},
    inputs: [input],
  };
}

export const copyCall = (count: number): Call => moveCall({ extents: [count], inSteps: [1], outSteps: [1] });

/** A part of a tensor: `extents` of it from `begin` on. */
export function sliceCall(shape: Shape, begin: readonly number[], extents: Shape): Call {
  const inSteps = int8.stridesOf(shape);
  const inFirst = inSteps.reduce((sum, step, axis) => sum + step * (begin[axis] ?? 0), 0);
  return moveCall({ extents, inSteps, outSteps: int8.stridesOf(extents), inFirst });
}

/** A whole tensor as the part of another one that begins at `begin`. */
export function insertCall(extents: Shape, whole: Shape, begin: readonly number[], input: number): Call {
  const outSteps = int8.stridesOf(whole);
  const outFirst = outSteps.reduce((sum, step, axis) => sum + step * (begin[axis] ?? 0), 0);
  return moveCall({ extents, inSteps: int8.stridesOf(extents), outSteps, outFirst }, input);
}
