/**
 * How fast training and 8-bit inference are, on one core: `node test/bench/train.bench.ts`.
 *
 * Processor time, so that the numbers hold on a machine that is busy with other things.
 */

import { initBackend } from '../../engine/train/backend.ts';
import { createInt8Interpreter } from '../../engine/train/int8/interpreter.ts';
import { quantize } from '../../engine/train/quantize.ts';
import { NetworkBuilder } from '../../engine/train/testing.ts';
import { trainNetwork } from '../../engine/train/train.ts';
import type { Dataset } from '../../engine/train/data/dataset.ts';
import { rowOf } from '../../engine/operators/catalogue.ts';
import { measureQuantities } from '../../engine/cost/quantities.ts';
import { random } from '../../engine/train/random.ts';
import { registerGradients } from '../../engine/train/kernels/gradients.ts';
import type { Network } from '../../engine/space/network.ts';

const IMAGES = 2560;
const SIZE = 28 * 28;

/** Noise shaped as Fashion-MNIST; speed does not depend on what the images show. */
function noise(): Dataset {
  const source = random(1, 'noise');
  const split = (size: number) => ({
    size,
    values: Uint8Array.from({ length: size * SIZE }, () => source.int(256)),
    labels: Int32Array.from({ length: size }, () => source.int(10)),
  });
  return {
    name: 'noise',
    shape: [28, 28, 1],
    classes: 10,
    classNames: Array.from('0123456789'),
    normalization: { scale: 1 / 255, offset: 0 },
    train: split(IMAGES),
    validation: split(10),
    test: split(10),
    mirror: true,
    calibrate: 32,
    source: 'noise',
    license: 'none',
    fingerprint: 'noise',
  };
}

const bn = { activation: 'relu', batchNorm: true } as const;
const halve = { ...bn, stride: [2, 2] } as const;

function separable(widths: readonly number[]): Network {
  const [first = 8, ...rest] = widths;
  const b = new NetworkBuilder([28, 28, 1]).conv([3, 3], first, halve);
  rest.forEach((width, i) => b.depthwise([3, 3], i === 1 ? halve : bn).conv([1, 1], width, bn));
  return b.op('mean').dense(10).op('softmax').network();
}

function plain(): Network {
  return new NetworkBuilder([28, 28, 1])
    .conv([3, 3], 12, bn)
    .op('max_pool_2d', { kernel: [2, 2], stride: [2, 2] })
    .conv([3, 3], 24, bn)
    .op('max_pool_2d', { kernel: [2, 2], stride: [2, 2] })
    .conv([3, 3], 48, bn)
    .op('mean')
    .dense(10)
    .op('softmax')
    .network();
}

function size(network: Network): { macs: number; parameters: number } {
  let macs = 0;
  let parameters = 0;
  const shape = (id: number | undefined) => network.tensors.find((t) => t.id === id)?.shape ?? [];
  for (const op of network.ops) {
    if (rowOf(op.kind).weights === undefined) continue;
    const inputs = op.inputs.map(shape);
    const quantities = measureQuantities(op, inputs, shape(op.output));
    macs += quantities.macs;
    parameters += quantities.parameters;
  }
  return { macs, parameters };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const dataset = noise();
const networks: Readonly<Record<string, Network>> = {
  'separable, 2k parameters': separable([8, 16, 24, 32]),
  'separable, 10k parameters': separable([16, 32, 64, 64, 64]),
  'plain convolutions': plain(),
};
await initBackend({ prefer: 'wasm' });
for (const composed of [false, true]) {
  registerGradients(composed);
  for (const [name, network] of Object.entries(networks)) {
    const { macs, parameters } = size(network);
    const once = { seed: 1, epochs: 1, batchSize: 64 };
    await trainNetwork(network, dataset, { ...once, trainingImages: 256 });
    const start = processorMs();
    const { trained } = await trainNetwork(network, dataset, once);
    const perImage = (processorMs() - start) / IMAGES;
    console.log(
      `train  ${composed ? 'composed' : 'native  '}  ${name.padEnd(26)} ${String(parameters).padStart(6)} parameters ${String(macs).padStart(8)} MACs  ${perImage.toFixed(3)} ms/image`,
    );
    if (composed) continue;
    const quantized = quantize(
      trained,
      new Float32Array(32 * SIZE).map((_, i) => (i % 255) / 255),
      {
        input: dataset.normalization,
      },
    );
    const interpreter = createInt8Interpreter(quantized);
    const input = new Int8Array(SIZE).map((_, i) => i);
    for (let i = 0; i < 200; i++) interpreter.run(input);
    const begin = processorMs();
    for (let i = 0; i < 2000; i++) interpreter.run(input);
    const each = (processorMs() - begin) / 2000;
    console.log(
      `int8             ${name.padEnd(26)} ${' '.repeat(26)} ${each.toFixed(3)} ms/image  ${(macs / each / 1e6).toFixed(2)} GMAC/s`,
    );
  }
}
