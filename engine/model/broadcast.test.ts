/**
 * Tensors of one value per channel joined to images: what checking allows is trained, exported, and run by others with
 * the same numbers.
 */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { litertMissing, runAllInLiteRt } from '../../test/interpreters/litert.ts';
import { runInWasm } from '../../test/interpreters/wasm.ts';
import { parse } from '../../grammar/index.ts';
import { analyse } from '../space/index.ts';
import { createInt8Interpreter, initBackend, quantizeFor, trainNetwork } from '../train/index.ts';
import { barsDataset } from '../train/testing.ts';
import type { QuantizedNetwork } from '../space/trained.ts';
import { exportTflite } from './index.ts';

const vector = 'gap as s';
const pixel = 'gap; reshape -> 1x1x6 as s';
const excited = 'gap; dense -> 3, relu; dense -> 6, sigmoid as s';

const programs = ['add', 'sub', 'mul'].flatMap((join) =>
  [vector, pixel, excited].flatMap((squeeze) =>
    ['x, s', 's, x'].map(
      (order) =>
        `space s { input 8x8x1; conv 3x3 -> 6, relu as x; ${squeeze}; ${join}(${order}), relu6; gap; dense -> 3 }`,
    ),
  ),
);

const dataset = barsDataset(16);
const models: { readonly program: string; readonly quantized: QuantizedNetwork }[] = [];
const size = 64;
const inputs = [-128, 127, 3].map((step) =>
  Int8Array.from({ length: size }, (_, i) => (Math.abs(step) > 100 ? step : ((i * i * step) % 256) - 128)),
);

async function trained(program: string): Promise<QuantizedNetwork> {
  const {
    problems,
    spaces,
    parse: read,
  } = analyse('/b.nas', {
    resolve: (_, specifier) => specifier,
    read: () => ({ text: program, parse: parse(program) }),
  });
  assert.deepEqual([...read.problems, ...problems], [], program);
  const network = spaces[0]?.lower({});
  assert.ok(network !== undefined);
  const { trained } = await trainNetwork(network, dataset, { seed: 1, epochs: 1, batchSize: 16 });
  return quantizeFor(trained, dataset);
}

describe('one value per channel joined to an image', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
    for (const program of programs) models.push({ program, quantized: await trained(program) });
  });

  test('is exported to what TensorFlow Lite runs, with the same numbers', async () => {
    for (const { program, quantized } of models) {
      const interpreter = createInt8Interpreter(quantized);
      const theirs = await runInWasm(exportTflite(quantized), inputs);
      inputs.forEach((input, image) => {
        const ours = interpreter.run(input);
        // Fully connected layers are rounded once there and twice here.
        ours.forEach((value, i) => assert.ok(Math.abs(value - (theirs[image]?.[i] ?? NaN)) <= 2, program));
      });
    }
  });

  test('is exported to what LiteRT runs, with the same numbers', { skip: litertMissing }, () => {
    const answers = runAllInLiteRt(
      models.map(({ quantized }) => ({ model: exportTflite(quantized), inputs })),
    );
    models.forEach(({ program, quantized }, which) => {
      const interpreter = createInt8Interpreter(quantized);
      inputs.forEach((input, image) => {
        const theirs = answers[which]?.[image] ?? [];
        interpreter
          .run(input)
          .forEach((value, i) => assert.ok(Math.abs(value - (theirs[i] ?? NaN)) <= 2, program));
      });
    });
  });
});
