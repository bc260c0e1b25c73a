import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Network, Op } from '../../engine/space/network.ts';
import { analyseText } from '../../engine/space/testing.ts';
import { kindOf, type PublishedNetwork, toNas, withoutBatch } from './to-nas.ts';

/** Layer lists of published models; beside the project where the data was collected, and not part of it. */
const folder = fileURLToPath(new URL('../../../shared/data/networks/', import.meta.url));
const present = existsSync(folder);

function macs(network: Network, op: Op): number {
  const out = network.tensors[op.output]?.shape.reduce((product, extent) => product * extent, 1) ?? 0;
  const channels = network.tensors[op.inputs[0] ?? 0]?.shape.at(-1) ?? 0;
  const input =
    network.tensors[op.inputs[0] ?? 0]?.shape.reduce((product, extent) => product * extent, 1) ?? 0;
  switch (op.kind) {
    case 'conv_2d':
      return (out * op.kernel[0] * op.kernel[1] * channels) / op.groups;
    case 'depthwise_conv_2d':
      return out * op.kernel[0] * op.kernel[1];
    case 'fully_connected':
      return input * op.units;
    default:
      return 0;
  }
}

test(
  'published networks can be written: data present',
  { skip: present ? false : 'no ../shared/data/networks' },
  () => {
    assert.ok(readdirSync(folder).length > 0);
  },
);

for (const name of present ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []) {
  test(`published network ${name} lowers to the same operators, shapes and MACs`, () => {
    const published = JSON.parse(readFileSync(folder + name, 'utf8')) as PublishedNetwork;
    const analysis = analyseText(toNas(published));
    const errors = [...analysis.parse.problems, ...analysis.problems].filter(
      (problem) => !('severity' in problem) || problem.severity === 'error',
    );
    assert.deepEqual(
      errors.map((problem) => problem.message),
      [],
    );
    const [space] = analysis.spaces;
    assert.ok(space !== undefined && space.size().count === 1n);
    const network = space.lower({});
    assert.equal(network.ops.length, published.layers.length);
    published.layers.forEach((layer, index) => {
      const op = network.ops[index];
      assert.ok(op !== undefined);
      const place = `${layer.op} ${index}`;
      assert.equal(op.kind, kindOf(layer), place);
      const shape = network.tensors[op.output]?.shape ?? [];
      const wanted = withoutBatch(layer.output);
      const flat = op.kind === 'mean' || op.kind === 'fully_connected';
      // A mean or dense layer may keep extents of 1 in front.
      assert.deepEqual(
        flat ? shape.filter((n) => n > 1) : shape,
        flat ? wanted.filter((n) => n > 1) : wanted,
        place,
      );
      if (layer.macs > 0) assert.equal(macs(network, op), layer.macs, place);
    });
  });
}
