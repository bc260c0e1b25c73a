import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLibrary } from '../../../../device-profiles/index.ts';
import { buildsOf, fitBuild, parseBuild, readBuilds, ruleOf, rulesFor, samplesOf } from './cmsis-nn.ts';
import { fitForm, missesOf, quantile } from './fit-form.ts';

const counted = readBuilds();

test('the rules choose the kernels that did the work in the builds where that was seen', () => {
  assert.ok(counted.classes.size >= 8);
  for (const [build, layers] of counted.classes) {
    const held = rulesFor(parseBuild(build));
    const others = counted.layers.flatMap((layer) => {
      const { kernel } = ruleOf(layer, held);
      const seen = layers.get(layer.id)?.kernel ?? '';
      // The counts do not tell the two parts of the generic depthwise kernel apart.
      const isSame = kernel.endsWith(seen) || (seen === 'depthwise_conv_s8' && kernel.startsWith(seen));
      return isSame ? [] : [`${kernel}, not ${seen}`];
    });
    // The kernel for one row hands layers over whose padding reaches further than the row.
    const handedOver = others.filter((each) => each === 'arm_convolve_1_x_n_s8, not convolve_s8');
    assert.deepEqual(others, handedOver, build);
    assert.ok(handedOver.length <= (build === 'v700-m55-O3' ? 10 : 0), build);
  }
});

/** Median and 99 in 100 of layers that a form was not fitted to, by kernel: shares. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  // Three parts that do not come in fours, as a sum.
  'conv_2d arm_convolve_1_x_n_s8': [0.13, 0.45],
  'depthwise_conv_2d arm_depthwise_conv_3x3_s8': [0.01, 0.14],
  // Channels that leave one over after fours, and large windows, are rare among the layers.
  'depthwise_conv_2d arm_depthwise_conv_s8_opt': [0.01, 0.18],
  'fully_connected arm_fully_connected_s8': [0.015, 0.2],
  'max_pool_2d arm_max_pool_s8': [0.03, 0.18],
};

for (const build of ['v2020-m4-Os', 'v2021-m4-O3', 'v410-m0p-O3', 'v700-m4-Os', 'v700-m55-O3']) {
  test(`forms hold for layers that they were not fitted to: ${build}`, () => {
    const rules = rulesFor(parseBuild(build));
    for (const [key, samples] of samplesOf(counted, build)) {
      const rule = rules.find(({ operators, kernel }) => key === `${operators.join()} ${kernel}`);
      const half = samples.filter((_, index) => index % 2 === 0);
      const others = samples.filter((_, index) => index % 2 === 1);
      const misses = missesOf(fitForm(half, rule?.terms ?? []), others);
      const [median, most] = bounds[key] ?? [0.01, 0.1];
      assert.ok(quantile(misses, 0.5) <= median, `${key}: half miss by ${quantile(misses, 0.5)}`);
      assert.ok(quantile(misses, 0.99) <= most, `${key}: one in 100 misses by ${quantile(misses, 0.99)}`);
    }
  });
}

test('the files are what the command writes', () => {
  for (const build of ['v2021-m4-O3', 'v700-m33-Os'])
    assert.deepEqual(kernelLibrary(`cmsis-nn-${build}`), fitBuild(counted, build));
  for (const build of buildsOf(counted)) assert.ok(kernelLibrary(`cmsis-nn-${build}`) !== undefined, build);
});

test('a form says what no other count of its layers would: loads and branches are parts of its instructions', () => {
  for (const build of buildsOf(counted)) {
    for (const { kernel, form } of kernelLibrary(`cmsis-nn-${build}`)?.kernels ?? []) {
      for (const [term, [instructions, loads, branches]] of Object.entries(form)) {
        const place = `${build} ${kernel} ${term}`;
        assert.ok(instructions >= 0, place);
        // Whatever the classes cost, more work is not cheaper.
        assert.ok(Math.min(loads, branches) >= -0.2501 * instructions, place);
      }
    }
  }
});
