import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLibrary } from '../../../../device-profiles/index.ts';
import type { KernelLibrary } from '../../../../device-profiles/types.ts';
import { readOperators, type CountedOperator } from './counted-operators.ts';
import { sumsOf } from '../../form.ts';
import { quantile } from './fit-form.ts';
import { fitTinyEngine } from './tinyengine.ts';
import { buildsOf, entryFor, fitBuild, idOf, kernelsOf } from './tflm.ts';

const counted = readOperators();
const builds = buildsOf(counted);
const fitted = new Map(
  builds.map((build) => [build.name, fitBuild(counted, build, libraryOf(kernelsOf(build)))] as const),
);

function libraryOf(id: string): KernelLibrary {
  const library = kernelLibrary(id);
  assert.ok(library !== undefined, id);
  return library;
}

/** What the files say that an operator executes, as a share of its count; `undefined` where they say nothing. */
function told(operator: CountedOperator, own: KernelLibrary, kernels: KernelLibrary): number | undefined {
  const entry = entryFor(operator, own);
  if (entry === undefined) return undefined;
  const kernel = entry.wraps ? entryFor(operator, kernels) : undefined;
  assert.equal(kernel !== undefined, entry.wraps === true, operator.text);
  const below = kernel === undefined ? 0 : sumsOf(kernel.form)[0](operator.quantities);
  return (sumsOf(entry.form)[0](operator.quantities) + below) / operator.counts[0];
}

/** Share by which the worst shape may be missed, where that is more than a quarter: what decides is no shape. */
const wide: Readonly<Record<string, number>> = {
  // How far values are shifted depends on their scales, and an M0+ shifts 64 bits in software.
  'm0p hard_swish': 0.41,
  // Where padding before the channels leaves them, an M0+ copies words or bytes.
  'm0p PAD': 0.35,
  // Weights of one scale and weights of a scale for each output have kernels of their own.
  'ref m4 fully_connected': 0.28,
  'm55 fully_connected': 0.51,
};

test('every operator lies within a quarter of its count, in each release, on each core and with each flag', () => {
  for (const build of builds) {
    const [own, kernels] = [fitted.get(build.name), libraryOf(kernelsOf(build))];
    assert.ok(own !== undefined);
    const misses = new Map<string, number[]>();
    for (const operator of counted) {
      if (operator.build !== build.name) continue;
      const share = told(operator, own, kernels);
      if (share === undefined) continue;
      const those = misses.get(operator.name) ?? [];
      misses.set(operator.name, those);
      those.push(Math.abs(share - 1));
    }
    for (const [name, shares] of misses) {
      const ascending = shares.sort((a, b) => a - b);
      const place = `${build.kernels} ${build.core} ${name}`;
      const most = Object.entries(wide).find(([each]) => place.endsWith(each))?.[1] ?? 0.25;
      assert.ok(
        quantile(ascending, 0.5) <= 0.2,
        `${build.name} ${name}: half miss by ${quantile(ascending, 0.5)}`,
      );
      assert.ok(
        quantile(ascending, 1) <= most,
        `${build.name} ${name}: the worst misses by ${quantile(ascending, 1)}`,
      );
    }
  }
});

test('what has no form is known: it fails, moves the batch, or depends on more than shapes', () => {
  const without = new Set<string>();
  for (const build of builds) {
    const own = fitted.get(build.name);
    assert.ok(own !== undefined);
    for (const operator of counted) {
      if (operator.build !== build.name || entryFor(operator, own) !== undefined) continue;
      without.add(`${operator.name}, ${operator.quantities.rank} axes`);
    }
  }
  assert.deepEqual([...without].sort(), ['GREATER, 3 axes', 'TRANSPOSE, 3 axes', 'transpose, 4 axes']);
});

test('the files are what the command writes', () => {
  for (const build of builds) assert.deepEqual(libraryOf(idOf(build)), fitted.get(build.name));
  assert.deepEqual(libraryOf('tinyengine-m4-O3'), fitTinyEngine());
});

test('the kernels of TinyEngine are missed by 3 % at most in the middle, and by 13 % at worst', () => {
  for (const { kernel, median, worst } of libraryOf('tinyengine-m4-O3').kernels) {
    assert.ok(median <= 0.03, kernel);
    assert.ok(worst <= 0.13, kernel);
  }
});

test('an operator that joins or splits knows how often it copies, though a network cannot say its axis', () => {
  const pieces = (text: string) =>
    counted.find((operator) => operator.text.startsWith(text))?.quantities.pieces;
  assert.equal(pieces('UNPACK | 1x16x16x2 | 1x16x2'), 16 * 16);
  assert.equal(pieces('UNPACK | 10x1x6'), 10);
  assert.equal(pieces('SPLIT_V | 1x5x7x14'), 5 * 7 * 2);
  assert.equal(pieces('SPLIT | scalar:i32:const 1x48'), 4);
  assert.equal(pieces('CONCATENATION | 1x8x8x8 1x8x8x8 | 1x8x8x16'), 8 * 8 * 2);
});
