import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { initBackend } from './backend.ts';
import { calibrate } from './calibrate.ts';
import { batch, spreadIndices } from './data/dataset.ts';
import { evaluateFloat, runFloat } from './evaluate.ts';
import { evaluateInt8, inputQuantizer } from './int8/evaluate.ts';
import { createInt8Interpreter } from './int8/interpreter.ts';
import { doublingHighMul, divideByPower, multiply, quantizeMultiplier } from './int8/fixed-point.ts';
import { calibrationImages, quantize, quantizeFor } from './quantize.ts';
import { fold, initialState } from './state.ts';
import { barsDataset, barsNetwork, trainableExamples, NetworkBuilder } from './testing.ts';
import { trainNetwork } from './train.ts';

const dataset = barsDataset(64);

describe('quantize', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
  });

  it('keeps the accuracy of a trained network', async () => {
    const { trained } = await trainNetwork(barsNetwork(), dataset, {
      seed: 3,
      epochs: 6,
      batchSize: 16,
      learningRate: 0.02,
    });
    const quantized = quantizeFor(trained, dataset);
    const float = evaluateFloat(trained, dataset, dataset.test);
    const int8 = evaluateInt8(quantized, dataset, dataset.test);
    assert.ok(Math.abs(float - int8) <= 0.05, `${float} in float, ${int8} in int8`);
    assert.ok(int8 > 0.9);
  });

  it('follows the specification', () => {
    const b = new NetworkBuilder([8, 8, 1])
      .conv([3, 3], 4, { activation: 'relu' })
      .op('max_pool_2d', { kernel: [2, 2], stride: [2, 2] });
    const pooled = b.at;
    b.conv([1, 1], 4);
    const other = b.at;
    b.op('concatenation', {}, [pooled, other]);
    const joined = b.at;
    b.dense(3).op('softmax');
    const network = b.network();
    const quantized = quantize(fold(network, initialState(network, 1)), calibrationImages(dataset), {
      input: dataset.normalization,
    });
    const q = (id: number) => {
      const found = quantized.activations.get(id);
      return [found?.scale[0], found?.zeroPoint[0]];
    };
    assert.deepEqual(q(0), [Math.fround(1 / 255), -128], 'bytes are exact');
    assert.deepEqual(q(1), q(pooled), 'pooling shares');
    assert.deepEqual(q(pooled), q(joined), 'concatenation shares');
    assert.deepEqual(q(other), q(joined));
    assert.deepEqual(q(b.at), [1 / 256, -128], 'softmax is fixed');
    for (const [index, { weights, weightQuantization, bias }] of quantized.parameters) {
      const op = quantized.network.ops[index];
      assert.equal(weightQuantization.scale.length, op?.kind === 'fully_connected' ? 1 : bias.length);
      assert.ok(weights.every((w) => w >= -127));
      assert.ok(weightQuantization.zeroPoint.every((z) => z === 0));
    }
  });

  it('clips outliers when asked to', () => {
    const network = new NetworkBuilder([8, 8, 1]).conv([1, 1], 1).network();
    const trained = fold(network, initialState(network, 1));
    const images = new Float32Array(64 * 64).map((_, i) => (i === 77 ? 100 : (i % 10) / 10));
    const full = calibrate(trained, images, 0).get(0);
    const clipped = calibrate(trained, images, 0.001).get(0);
    assert.ok(
      (full?.high ?? 0) === 100 && (clipped?.high ?? 9) < 1,
      `${String(full?.high)} ${String(clipped?.high)}`,
    );
  });

  it('survives dead channels and large biases', () => {
    const network = new NetworkBuilder([8, 8, 1]).conv([3, 3], 3, { activation: 'relu' }).dense(2).network();
    const state = initialState(network, 1);
    const first = state.get(0);
    first?.weights.fill(0);
    first?.bias.set([0, 1e4, -3]);
    const quantized = quantize(fold(network, state), calibrationImages(dataset), {
      input: dataset.normalization,
    });
    const run = createInt8Interpreter(quantized);
    run.run(new Int8Array(64));
    const scale = quantized.activations.get(1)?.scale[0] ?? 0;
    const zero = quantized.activations.get(1)?.zeroPoint[0] ?? 0;
    assert.ok(Math.abs(((run.tensor(1)[1] ?? 0) - zero) * scale - 1e4) < 2 * scale);
  });

  const networks = new Map(trainableExamples('8x8x1'));
  const b = new NetworkBuilder([8, 8, 1]).conv([3, 3], 4, { activation: 'tanh' }).op('hard_swish');
  b.depthwise([3, 3], { depthMultiplier: 2, activation: 'relu6' }).op('average_pool_2d', {
    kernel: [2, 2],
    stride: [2, 2],
  });
  const wide = b.at;
  b.op('mean')
    .dense(8)
    .op('logistic')
    .op('reshape', { shape: [1, 1, 8] });
  b.op('mul', {}, [wide, b.at]);
  b.op('add', {}, [b.at, wide]).op('leaky_relu', { slope: 0.1 });
  networks.set('a network of many operators', b.op('mean').dense(3).network());
  for (const [name, network] of networks) {
    // Where a variance is small, a quotient by its root of 8 bits is far away: such networks are close on the whole.
    const isQuotient = network.ops.some(({ kind }) => kind === 'rsqrt');
    it(`stays close to the float network: ${name}`, () => {
      const trained = fold(network, initialState(network, 2));
      // What lies beyond the range of these is cut off.
      const seen = spreadIndices(dataset.train, dataset.calibrate);
      const quantized = quantize(trained, batch(dataset, dataset.train, seen), {
        input: dataset.normalization,
      });
      const interpreter = createInt8Interpreter(quantized);
      const toInt8 = inputQuantizer(quantized, dataset);
      const output = quantized.activations.get(quantized.network.outputs[0] ?? -1);
      const scale = output?.scale[0] ?? 0;
      for (const i of seen.subarray(0, 10)) {
        const float = runFloat(trained, batch(dataset, dataset.train, [i]), 1);
        const int8 = interpreter.run(toInt8(dataset.train, i));
        const apart = float.map((value, c) =>
          Math.abs(((int8[c] ?? 0) - (output?.zeroPoint[0] ?? 0)) * scale - value),
        );
        const far = isQuotient ? Math.hypot(...apart) / Math.sqrt(apart.length) : Math.max(...apart);
        assert.ok(far < (isQuotient ? 16 : 12) * scale, `${far / scale} steps`);
      }
    });
  }
});

describe('fixed-point arithmetic', () => {
  const int32 = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });

  it('doubles and takes the high half exactly', () => {
    fc.assert(
      fc.property(int32, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (a, b) => {
        const product = BigInt(a) * BigInt(b);
        const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
        assert.equal(doublingHighMul(a, b), Number((product + nudge) / (1n << 31n)));
      }),
    );
  });

  it('divides by powers of two, halves away from zero', () => {
    fc.assert(
      fc.property(int32, fc.integer({ min: 0, max: 31 }), (x, exponent) => {
        const exact = x / 2 ** exponent;
        const rounded = exact < 0 ? -Math.round(-exact) : Math.round(exact);
        assert.equal(divideByPower(x, exponent) + 0, rounded + 0);
      }),
    );
  });

  it('multiplies by a real number within one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e6, max: 1e6 }),
        fc.double({ min: 1e-6, max: 100, noNaN: true }),
        (x, real) => {
          const expected = x * real;
          assert.ok(
            Math.abs(multiply(x, quantizeMultiplier(real)) - expected) <= 1 + Math.abs(expected) * 1e-8,
          );
        },
      ),
    );
  });
});
