/** What has to agree: a network with its only layer, boards with the same core, versions with what their kernels ask for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boards, runtimes } from '../../device-profiles/index.ts';
import { readNetwork } from './fit/read.ts';
import { price } from './price.ts';
import { resolveTarget, shippedProfiles } from './resolve.ts';
import { chain, conv, dense, depthwise, targetNamed } from './testing.ts';

const layers = [
  chain([16, 16, 8], [conv(8, 3), [16, 16, 8]]),
  chain([16, 16, 8], [conv(8, 1), [16, 16, 8]]),
  chain([16, 16, 8], [depthwise(5), [16, 16, 8]]),
  chain([64], [dense(10), [10]]),
];

test('a network is no surer than its only layer, on every target', () => {
  let compared = 0;
  for (const { id: board } of boards) {
    for (const { id: runtime } of runtimes) {
      const answer = resolveTarget(shippedProfiles, { board, runtime });
      if (!('target' in answer)) continue;
      for (const network of layers) {
        const { ops, total } = price(network, answer.target);
        const [own, all] = [ops[0]?.latencyMs, total.latency];
        if (own === undefined || all === undefined) continue;
        compared += 1;
        const slack = 1e-9 * all.value;
        assert.ok(all.value - all.low >= own.value - own.low - slack, `${board} ${runtime}`);
        assert.ok(all.high - all.value >= own.high - own.value - slack, `${board} ${runtime}`);
      }
    }
  }
  assert.ok(compared > 300);
});

test('the same kernels take the same on a Cortex-M33, whatever calls them and whichever board has it', () => {
  const network = readNetwork('mlperf_tiny_vww_mobilenetv1_025_96_int8');
  const cyclesOn = (board: string, runtime: string): number => {
    const target = targetNamed({ board, runtime });
    return ((price(network, target).total.latency?.value ?? NaN) * target.clockHz) / 1000;
  };
  const called = cyclesOn('nrf5340-dk', 'tflm + cmsis-nn 2020.12');
  for (const [board, runtime] of [
    ['nrf5340-dk', 'microtvm + cmsis-nn'],
    ['nucleo-l552ze-q', 'tflm + cmsis-nn 2020.12'],
  ] as const) {
    const ratio = cyclesOn(board, runtime) / called;
    assert.ok(ratio > 0.9 && ratio < 1.1, `${board} ${runtime}: ${ratio}`);
  }
});

test('a 3x3 depthwise convolution asks for its columns up to the kernels of 2022, and for nothing since', () => {
  const network = chain([16, 16, 64], [depthwise(3), [16, 16, 64]]);
  const scratch = (version: string): number | undefined =>
    price(network, targetNamed({ board: 'nucleo-f446re', runtime: `tflm + cmsis-nn ${version}` })).ops[0]
      ?.scratchBytes;
  for (const version of ['2020.12', '2021.12', '2022.09'])
    assert.equal(scratch(version), 2 * 9 * 64, version);
  for (const version of ['4.1', '5.0', '7.0']) assert.equal(scratch(version), 0, version);
});

test('channels that are no multiple of four take the general kernel in a 1x1 convolution of 2020, and not since 2022', () => {
  const cycles = (version: string, channels: number): number =>
    price(
      chain([16, 16, channels], [conv(16, 1), [16, 16, 16]]),
      targetNamed({ board: 'nucleo-f446re', runtime: `tflm + cmsis-nn ${version}` }),
    ).ops[0]?.cycles?.value ?? NaN;
  const dearer = (version: string): number => cycles(version, 17) / cycles(version, 16);
  assert.ok(dearer('2020.12') > 1.1);
  assert.ok(dearer('7.0') < 1.1);
});
