import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLibrary, runtimes } from '../../../../device-profiles/index.ts';
import type { Terms } from '../../../../device-profiles/types.ts';
import { compileForm, sumsOf } from '../../form.ts';
import type { Quantities } from '../../quantities.ts';
import { compileConditions } from '../../rules.ts';
import { cores, type Core } from './cmsis-nn-rules.ts';
import { fitForm, quantile } from './fit-form.ts';
import { fitOwn, readOwn, samplesOf } from './own.ts';
import { ownRules } from './own-rules.ts';

const counted = readOwn();
const all = Object.keys(cores) as Core[];

/** Groups, holes in the window, several outputs of a channel: loops that few layers go through, and shapes seldom tell apart. */
const isRare = ({ groups, maxDilation, depthMultiplier, inputChannels }: Quantities): boolean =>
  groups > 1 || maxDilation > 1 || depthMultiplier > 1 || (depthMultiplier === 1 && inputChannels < 4);

/** By how much forms miss what they were not fitted to, shares by operator; one shape in five of each rule at a time. */
function missesOf(core: Core): ReadonlyMap<string, readonly number[]> {
  const misses = new Map<string, number[]>();
  for (const { rule, samples } of samplesOf(counted, core)) {
    for (let fold = 0; fold < 5; fold++) {
      const isOut = (_: unknown, i: number): boolean => i % 5 === fold;
      const form = fitForm(
        samples.filter((each, i) => !isOut(each, i)),
        rule.terms,
      );
      const [instructions] = sumsOf(form);
      for (const { quantities, counts } of samples.filter(isOut)) {
        const name = `${isRare(quantities) ? 'rare ' : ''}${rule.operators[0] ?? ''}`;
        const those = misses.get(name) ?? [];
        misses.set(name, those);
        those.push(Math.abs(instructions(quantities) / counts[0] - 1));
      }
    }
  }
  return new Map([...misses].map(([name, each]) => [name, each.sort((a, b) => a - b)]));
}

/** Median and 95 in 100, shares; 0.03 and 0.1 for what is not here. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  'rare conv_2d': [0.12, 0.7],
  depthwise_conv_2d: [0.03, 0.14],
  'rare depthwise_conv_2d': [0.12, 0.6],
  // A convolution for each phase of the stride.
  transpose_conv: [0.1, 0.4],
  max_pool_2d: [0.04, 0.13],
  average_pool_2d: [0.03, 0.3],
  reduce_max: [0.06, 0.16],
  // How values are rounded depends on their scales, and whether they are spread on their extents.
  sub: [0.03, 0.18],
  mul: [0.03, 0.18],
  channel_mul: [0.03, 0.18],
  // An M0+ divides in software, in as many steps as the values need.
  softmax: [0.06, 0.17],
  // What lies side by side is one copy, which quantities do not tell.
  transpose: [0.17, 0.5],
  slice: [0.12, 0.6],
  split: [0.1, 0.5],
  pad: [0.11, 0.6],
  resize_nearest_neighbor: [0.08, 0.25],
};

for (const core of all) {
  test(`forms hold for shapes that they were not fitted to: ${core}`, () => {
    const misses = missesOf(core);
    for (const [name, each] of misses) {
      const [median, most] = bounds[name] ?? [0.03, 0.1];
      assert.ok(quantile(each, 0.5) <= median, `${name}: half miss by ${quantile(each, 0.5)}`);
      assert.ok(quantile(each, 0.95) <= most, `${name}: one in 20 misses by ${quantile(each, 0.95)}`);
    }
  });
}

test('the files are what the command writes', () => {
  for (const core of all)
    assert.deepEqual(kernelLibrary(`nasturtium-1-${core}-O3`), fitOwn(counted, core), core);
});

test('loads and branches are counted for most shapes, and are parts of the instructions', () => {
  for (const core of all) {
    const classified = counted
      .map(({ sample }) => sample(core))
      .filter(({ isOneClass }) => isOneClass !== true);
    assert.ok(classified.length > 0.6 * counted.length, core);
    for (const {
      counts: [instructions, loads, branches],
    } of classified)
      assert.ok(branches > 0 && branches < instructions && loads > 0 && loads < 2 * instructions);
  }
});

const runtime = runtimes.find(({ id }) => id === 'nasturtium-probe') ?? assert.fail();

test('the runtime has the operators that were counted, and no others', () => {
  const supported = runtime.support
    .filter(({ level }) => level === 'fast')
    .flatMap(({ operators }) => operators);
  assert.deepEqual(
    [...supported].sort(),
    [...new Set(ownRules.flatMap(({ operators }) => operators))].sort(),
  );
});

test('the runtime says the scratch that the kernels ask for', () => {
  const kinds = { plain: 'plain', dsp: 'dsp', vector: 'mve' } as const;
  for (const [kind, kernels] of Object.entries(kinds) as readonly (readonly [
    'plain' | 'dsp' | 'vector',
    'plain' | 'dsp' | 'mve',
  ])[]) {
    const rules = runtime.scratch
      .filter((rule) => rule.kernels?.includes(kernels) ?? true)
      .map((rule) => ({ ...rule, holds: compileConditions(rule.when ?? []) }));
    const misses = new Map<string, number[]>();
    for (const { kind: name, sample, scratch } of counted) {
      const { quantities } = sample('m4');
      const rule = rules.find(({ operators, holds }) => operators.includes(name) && holds(quantities));
      const said = rule === undefined ? 0 : compileForm(rule.bytes as Terms)(quantities);
      misses.set(name, [
        ...(misses.get(name) ?? []),
        Math.abs(said - scratch[kind]) / Math.max(1, scratch[kind]),
      ]);
    }
    for (const [name, each] of misses) {
      each.sort((a, b) => a - b);
      // How many rows of an image fit is no sum of products; the stride of a transposed convolution leaves parts over.
      const isExact = name !== 'transpose_conv' && (name !== 'depthwise_conv_2d' || kernels === 'mve');
      assert.ok(
        quantile(each, isExact ? 1 : 0.5) <= 0.05,
        `${kernels} ${name}: ${quantile(each, isExact ? 1 : 0.5)}`,
      );
      assert.ok(quantile(each, 0.9) <= 0.35, `${kernels} ${name}: ${quantile(each, 0.9)}`);
    }
  }
});
