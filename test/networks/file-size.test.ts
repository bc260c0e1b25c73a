/** The flash that pricing promises beside the file that the exporter writes, over the networks of the measurements. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { price, resolveTarget, seededRandom, shippedProfiles } from '../../engine/cost/index.ts';
import { readNetwork } from '../../engine/cost/fit/read.ts';
import { exportTflite } from '../../engine/model/index.ts';
import type { Network, Op, Shape } from '../../engine/space/network.ts';
import type { Int8Parameters, QuantizationParameters } from '../../engine/space/trained.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'device-profiles', 'measurements', 'networks');

const random = seededRandom(1);
const below = (limit: number): number => random.nextInt(limit);
/** No two alike: what a file shares between equal vectors is not to flatter it. */
const scales = (count: number): Float32Array => Float32Array.from({ length: count }, () => 1 + below(1e6));

function weightShapeOf(op: Op, input: Shape, channels: number): Shape | undefined {
  const depth = input.at(-1) ?? 1;
  if (op.kind === 'conv_2d') return [channels, ...op.kernel, depth];
  if (op.kind === 'depthwise_conv_2d') return [1, ...op.kernel, channels];
  if (op.kind === 'fully_connected') return [channels, input.reduce((a, b) => a * b, 1)];
  return undefined;
}

/** Bytes of the file of a network with weights drawn by chance. */
function exportedBytes(network: Network): number {
  const shapeOf = (id: number | undefined): Shape =>
    network.tensors.find((each) => each.id === id)?.shape ?? [];
  const activations = new Map(
    network.tensors.map(({ id }): [number, QuantizationParameters] => [
      id,
      { scale: scales(1), zeroPoint: Int32Array.of(below(200)) },
    ]),
  );
  const parameters = new Map<number, Int8Parameters>();
  for (const op of network.ops) {
    const channels = shapeOf(op.output).at(-1) ?? 1;
    const weightShape = weightShapeOf(op, shapeOf(op.inputs[0]), channels);
    if (weightShape === undefined) continue;
    const length = weightShape.reduce((a, b) => a * b, 1);
    const quantised = op.kind === 'fully_connected' ? 1 : channels;
    parameters.set(op.index, {
      weights: Int8Array.from({ length }, () => below(255) - 127),
      weightShape,
      weightQuantization: { scale: scales(quantised), zeroPoint: new Int32Array(quantised) },
      bias: Int32Array.from({ length: channels }, () => below(1e6)),
    });
  }
  return exportTflite({ network, parameters, activations }).length;
}

test('the model file is predicted within 5 %, and within 1 % in the median', () => {
  const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
  assert.ok('target' in resolved);
  const errors = readdirSync(folder).flatMap((file) => {
    const network = readNetwork(path.basename(file, '.json'));
    const isOurs =
      network.ops.every(({ kind }) => kind !== 'other') &&
      network.tensors.every(({ dtype }) => dtype === 'int8');
    // Larger ones take long to draw and are predicted better.
    const weights = price(network, resolved.target).total.parameters.value;
    if (!isOurs || weights > 600_000) return [];
    const error = price(network, resolved.target).total.flash.value / exportedBytes(network) - 1;
    assert.ok(Math.abs(error) <= 0.05, `${file}: ${(100 * error).toFixed(1)} %`);
    return [Math.abs(error)];
  });
  assert.ok(errors.length >= 20);
  errors.sort((left, right) => left - right);
  assert.ok((errors[Math.floor(errors.length / 2)] ?? 1) <= 0.01);
});
