/** Random networks of the whole language, exported and judged by interpreters that others wrote. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { litertMissing, runAllInLiteRt } from '../../test/interpreters/litert.ts';
import { runInWasm } from '../../test/interpreters/wasm.ts';
import { operatorKinds, rowOf } from '../operators/catalogue.ts';
import { price, resolveTarget, shippedProfiles } from '../cost/index.ts';
import { createInt8Interpreter, initBackend } from '../train/index.ts';
import { exportTflite, priceModel, readTflite } from './index.ts';
import { type RandomModel, randomModel } from './testing/random-programs.ts';

const MODELS = 120;
const models: RandomModel[] = [];

/** With the output of every operator as an output of the model. */
function withEveryOutput({ quantized }: RandomModel): Uint8Array {
  const { network } = quantized;
  return exportTflite({ ...quantized, network: { ...network, outputs: network.ops.map((op) => op.output) } });
}

describe('random architectures', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
    for (let seed = 0; models.length < MODELS;) {
      const { model, next } = randomModel(seed);
      models.push(model);
      seed = next;
    }
  });

  test('stand for every operator that training and export know', () => {
    const kinds = new Set(models.flatMap(({ quantized }) => quantized.network.ops.map(({ kind }) => kind)));
    const expected = operatorKinds.filter(
      (kind) => rowOf(kind).tflite !== undefined && kind !== 'dequantize' && kind !== 'svdf',
    );
    assert.deepEqual(
      expected.filter((kind) => !kinds.has(kind)),
      [],
    );
  });

  test('are written as the same bytes again when they are read', () => {
    for (const { program, quantized } of models) {
      const bytes = exportTflite(quantized);
      const { quantized: read, problems } = readTflite(bytes, 'random.tflite');
      assert.deepEqual(problems, [], program);
      assert.ok(read !== undefined);
      assert.deepEqual(exportTflite(read), bytes, program);
    }
  });

  test('need the arena that the space said when their file is priced, unless writing adds an operator', () => {
    const resolved = resolveTarget(shippedProfiles, { board: 'nucleo-f446re' });
    assert.ok('target' in resolved);
    let alike = 0;
    for (const { program, quantized } of models) {
      const file = readTflite(exportTflite(quantized), 'random.tflite');
      const fromFile: number = priceModel(file, resolved.target).total.ram.value;
      const { total } = price(quantized.network, resolved.target);
      if (file.network?.ops.length === quantized.network.ops.length) {
        alike += 1;
        assert.equal(fromFile, total.ram.value, program);
      } else assert.ok(fromFile > total.ram.value, program);
    }
    assert.ok(alike > MODELS / 2, String(alike));
  });

  test('run in the wasm build of TensorFlow Lite', async () => {
    for (const { program, quantized, inputs } of models) {
      const rows = await runInWasm(exportTflite(quantized), inputs).catch((error: unknown) => {
        throw new Error(`${program} does not run.`, { cause: error });
      });
      assert.ok(rows.every((row) => row.length === 4 && row.every(Number.isInteger)));
    }
  });

  // LiteRT rounds fully connected layers unlike TensorFlow Lite Micro, which decides here, and sigmoid and tanh by
  // fixed-point arithmetic, which differs where a value lies in the middle between two steps; softmax goes by a table.
  const tolerant = new Set(['fully_connected', 'logistic', 'tanh', 'softmax']);
  // LiteRT has no reference kernel for it.
  const unanswered = new Set(['elu']);

  test('give the same numbers in LiteRT after every operator', { skip: litertMissing }, () => {
    const answered = models.filter(
      ({ quantized }) => !quantized.network.ops.some(({ kind }) => unanswered.has(kind)),
    );
    assert.ok(answered.length > MODELS / 2);
    const cases = answered.map((model) => ({ model: withEveryOutput(model), inputs: model.inputs }));
    const answers = runAllInLiteRt(cases);
    let exact = 0;
    answered.forEach(({ program, quantized, inputs }, which) => {
      const interpreter = createInt8Interpreter(quantized);
      inputs.forEach((input, image) => {
        interpreter.run(input);
        let at = 0;
        const differing = quantized.network.ops.find((op) => {
          const ours = interpreter.tensor(op.output);
          const theirs = answers[which]?.[image]?.subarray(at, at + ours.length) ?? [];
          at += ours.length;
          const apart = ours.reduce(
            (most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? NaN))),
            0,
          );
          const place = `${op.name} for image ${String(image)} of\n${program}`;
          assert.ok(apart <= (tolerant.has(op.kind) ? 1 : 0), `${String(apart)} steps apart: ${place}`);
          // What follows inherits the difference.
          return apart > 0;
        });
        if (differing === undefined) exact++;
      });
    });
    const images = answered.reduce((sum, { inputs }) => sum + inputs.length, 0);
    assert.ok(exact > 0.95 * images, `${String(exact)} of ${String(images)}`);
  });
});
