/** Sets of tensors that can stand in one register, kept by size and channels apart: no pair of them is left out. */

import type { DType, Shape } from '../network.ts';
import type { TensorType } from '../program/tensor-types.ts';
import { type Extents, one, union } from './extents.ts';

/** Height and width. */
export type Size = readonly [number, number];

/** Images of any of the sizes with any of the channels, or vectors, which have no size. */
export interface Variant {
  readonly dtype: DType;
  readonly sizes: readonly Size[] | undefined;
  readonly channels: Extents;
}

/** One variant for each number format and rank. */
export type TensorSet = readonly Variant[];

/** `undefined` for ranks that are neither of an image nor of a vector. */
export function setOf({ shape, dtype }: TensorType): TensorSet | undefined {
  const [first = 1, second = 1, third = 1] = shape;
  if (shape.length === 1) return [{ dtype, sizes: undefined, channels: one(first) }];
  if (shape.length !== 3) return undefined;
  return [{ dtype, sizes: [[first, second]], channels: one(third) }];
}

export function unionOf(left: TensorSet, right: TensorSet): TensorSet {
  if (left === right) return left;
  const all: Variant[] = [...left];
  for (const variant of right) {
    const at = all.findIndex((each) => isAlike(each, variant));
    const known = all[at];
    if (known === undefined) all.push(variant);
    else
      all[at] = {
        dtype: known.dtype,
        sizes: known.sizes && unionOfSizes(known.sizes, variant.sizes ?? []),
        channels: union(known.channels, variant.channels),
      };
  }
  return all;
}

function isAlike(left: Variant, right: Variant): boolean {
  return left.dtype === right.dtype && (left.sizes === undefined) === (right.sizes === undefined);
}

function keyOf([height, width]: Size): number {
  return height * 2 ** 26 + width;
}

function unionOfSizes(left: readonly Size[], right: readonly Size[]): readonly Size[] {
  if (left === right) return left;
  const known = new Set(left.map(keyOf));
  const others = right.filter((size) => !known.has(keyOf(size)));
  return others.length === 0 ? left : [...left, ...others];
}

export function sharedSizes(left: readonly Size[], right: readonly Size[]): readonly Size[] {
  const known = new Set(right.map(keyOf));
  return left.filter((size) => known.has(keyOf(size)));
}

/** How many tensors the set holds; infinite where they are not listed. */
export function countOf(set: TensorSet): number {
  return set.reduce(
    (count, { sizes, channels }) => count + (sizes?.length ?? 1) * (channels.values?.length ?? Infinity),
    0,
  );
}

/** Every shape of the set, which must be listed. */
export function* shapesIn({ sizes, channels }: Variant): Generator<Shape> {
  for (const channel of channels.values ?? []) {
    if (sizes === undefined) yield [channel];
    else for (const [height, width] of sizes) yield [height, width, channel];
  }
}
