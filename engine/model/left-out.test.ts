import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { price, resolveTarget, shippedProfiles, type Target } from '../cost/index.ts';
import { chain, conv, dense, depthwise } from '../cost/testing.ts';
import type { Network, Op } from '../space/network.ts';
import { costDetail, modelCostReport, priceModel, readTflite } from './index.ts';
import { withoutZeroChannels } from './left-out.ts';
import { withZeroChannelsInside } from './testing/odd-models.ts';

function target(board: string, runtime: string): Target {
  const resolved = resolveTarget(shippedProfiles, { board, runtime });
  assert.ok('target' in resolved);
  return resolved.target;
}

const channels = (network: Network | undefined): (number | undefined)[] | undefined =>
  network?.tensors.map(({ shape }) => shape.at(-1));

const separable = chain(
  [8, 8, 3],
  [conv(6, 1), [8, 8, 6]],
  [depthwise(3), [8, 8, 6]],
  [conv(4, 1), [8, 8, 4]],
);

test('a channel of zeros leaves the next depthwise layer and the window of the convolution after it', () => {
  const remaining = withoutZeroChannels(separable, [[1, 4], [], []]);
  assert.deepEqual(channels(remaining?.network), [3, 4, 4, 4]);
  assert.deepEqual(remaining?.leftOut, [2, 2, 0]);
  const [first, , last] = remaining.network.ops;
  assert.ok(first?.kind === 'conv_2d' && first.filters === 4);
  assert.ok(last?.kind === 'conv_2d' && last.filters === 4);
});

test('a channel that only a depthwise layer with zero weights reads is not computed', () => {
  const remaining = withoutZeroChannels(separable, [[], [0, 2, 5], []]);
  assert.deepEqual(channels(remaining?.network), [3, 3, 3, 4]);
});

test('what the network puts out stays, and without zeros nothing is left out', () => {
  assert.equal(withoutZeroChannels(separable, [[], [], [0, 1]]), undefined);
  assert.equal(withoutZeroChannels(separable, [[], [], []]), undefined);
});

test('an addition spares the channels that are zero on both sides, and keeps those that one side needs', () => {
  const base = chain([8, 8, 3], [conv(4, 1), [8, 8, 4]], [conv(4, 3), [8, 8, 4]], [conv(2, 1), [8, 8, 2]]);
  const [first, second, last] = base.ops;
  assert.ok(first !== undefined && second !== undefined && last !== undefined);
  const { source } = first;
  const add: Op = {
    kind: 'add',
    moreOutputs: [],
    activation: 'none',
    index: 2,
    name: 'add',
    inputs: [1, 2],
    output: 4,
    source,
  };
  const network: Network = {
    ...base,
    tensors: [...base.tensors, { id: 4, shape: [8, 8, 4], dtype: 'int8' }],
    ops: [first, second, add, { ...last, index: 3, inputs: [4] }],
  };
  const both = withoutZeroChannels(network, [[0, 1], [1, 2], [], []]);
  // The second convolution reads the first one's output, of which channels 0 and 1 are the same everywhere.
  assert.deepEqual(both?.leftOut, [1, 1, 1, 0]);
  assert.equal(withoutZeroChannels(network, [[0], [1], [], []]), undefined);
});

test('a layer of which every channel is zero keeps one, so that there is something to price', () => {
  const network = chain([4], [dense(3), [3]], [dense(2), [2]]);
  const remaining = withoutZeroChannels(network, [[0, 1, 2], []]);
  assert.deepEqual(channels(remaining?.network), [4, 1, 2]);
});

test('a dense layer after maps reads every place of a channel: its window stays', () => {
  const network = chain([4, 4, 2], [conv(4, 1), [4, 4, 4]], [dense(2), [2]]);
  assert.equal(withoutZeroChannels(network, [[0], []]), undefined);
});

test('where the runtime likely leaves channels out, the price is that of the rest and reaches up to that of all', () => {
  const model = readTflite(withZeroChannelsInside(), 'x');
  const network = model.subgraphs[0]?.network;
  assert.ok(network !== undefined);
  const old = target('nucleo-h7a3zi-q', 'x-cube-ai 7');
  assert.deepEqual(priceModel(model, old).total.latency, price(network, old).total.latency);
  const cube = target('nucleo-h7a3zi-q', 'x-cube-ai 9');
  const priced = priceModel(model, cube);
  const whole = price(network, cube).total;
  const rest = withoutZeroChannels(network, [[1, 2, 3], []]);
  assert.ok(rest !== undefined && whole.latency !== undefined);
  const part = price(rest.network, cube).total.latency;
  const { latency, ram, macs } = priced.total;
  assert.equal(latency?.value, part?.value);
  assert.equal(latency?.low, part?.low);
  assert.ok((latency?.high ?? 0) >= whole.latency.value);
  assert.deepEqual([ram, macs], [whole.ram, whole.macs]);
  const { layers } = modelCostReport(priced);
  const sum = layers.reduce((total, { latency_ms: each }) => total + (each?.value ?? 0), 0);
  assert.ok(sum <= (latency?.value ?? 0));
  assert.match(
    costDetail(priced, 'x').graphs[0]?.layers[0]?.remarks.join(' ') ?? '',
    /^3 of 4 output channels have only zero weights, and 3 are priced as left out.* X-CUBE-AI 9\.0 .*reaches up to/,
  );
});

const reference = fileURLToPath(
  new URL('../../../shared/data/tflite/mlperf_tiny_vww_mobilenetv1_025_96_int8.tflite', import.meta.url),
);

test(
  'the published latencies of the network with zero channels lie in the interval',
  { skip: existsSync(reference) ? false : 'no ../shared/data/tflite' },
  () => {
    const model = readTflite(readFileSync(reference), 'vww.tflite');
    // MLPerf Tiny v1.1 to v1.3, STMicroelectronics: milliseconds of one inference at the board's default clock.
    const published: readonly (readonly [string, string, number])[] = [
      ['nucleo-l4r5zi', 'x-cube-ai 8', 118.7],
      ['nucleo-h7a3zi-q', 'x-cube-ai 8', 29.63],
      ['nucleo-l4r5zi', 'x-cube-ai 9', 88.93],
      ['nucleo-l4r5zi', 'x-cube-ai 9', 89.44],
      ['nucleo-h7a3zi-q', 'x-cube-ai 9', 23.8],
      ['nucleo-u575zi-q', 'x-cube-ai 9', 59.27],
    ];
    for (const [board, runtime, milliseconds] of published) {
      const { latency } = priceModel(model, target(board, runtime)).total;
      const said = `${board} with ${runtime}: ${JSON.stringify(latency)}`;
      assert.ok(latency !== undefined && latency.low <= milliseconds, said);
      assert.ok(milliseconds <= latency.high, said);
    }
  },
);
