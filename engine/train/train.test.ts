import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { initBackend } from './backend.ts';
import { evaluateFloat, runFloat } from './evaluate.ts';
import { barsDataset, barsNetwork, trainableExamples, NetworkBuilder } from './testing.ts';
import { type TrainResult, trainNetwork } from './train.ts';
import { type Checkpoint, initialState } from './state.ts';

const dataset = barsDataset(64);
const options = { seed: 3, epochs: 6, batchSize: 16, learningRate: 0.02 };

function bytesOf({ trained }: Pick<TrainResult, 'trained'>): Buffer {
  return Buffer.concat(
    [...trained.parameters.values()].flatMap(({ weights, bias }) => [
      Buffer.from(weights.buffer),
      Buffer.from(bias.buffer),
    ]),
  );
}

describe('trainNetwork', () => {
  before(async () => {
    await initBackend({ prefer: 'wasm' });
  });

  it('learns, and folds normalisation and dropout away', async () => {
    const tensors = tf.memory().numTensors;
    const losses: number[] = [];
    const { trained } = await trainNetwork(barsNetwork(), dataset, {
      ...options,
      onEpoch: ({ loss }) => losses.push(loss),
    });
    assert.equal(tf.memory().numTensors, tensors, 'tensors leaked');
    assert.equal(losses.length, 6);
    assert.ok((losses[5] ?? 9) < (losses[0] ?? 0) / 2, losses.join(' '));
    assert.ok(evaluateFloat(trained, dataset, dataset.validation) > 0.9);
    assert.ok(evaluateFloat(trained, dataset, dataset.test) > 0.9);
    assert.ok(trained.network.ops.every((op, i) => op.kind !== 'dropout' && op.index === i));
  });

  it('gives the same weights for the same seed, others for another', async () => {
    const short = { ...options, epochs: 2 };
    const a = bytesOf(await trainNetwork(barsNetwork(), dataset, short));
    const b = bytesOf(await trainNetwork(barsNetwork(), dataset, short));
    const c = bytesOf(await trainNetwork(barsNetwork(), dataset, { ...short, seed: 4 }));
    assert.ok(a.equals(b));
    assert.ok(!a.equals(c));
  });

  it('continues from a checkpoint to the very same weights', async () => {
    const whole = await trainNetwork(barsNetwork(), dataset, options);
    let kept: Checkpoint | undefined;
    const controller = new AbortController();
    await assert.rejects(
      trainNetwork(barsNetwork(), dataset, {
        ...options,
        signal: controller.signal,
        onEpoch: (progress) => {
          if (progress.epoch !== 3) return;
          kept = progress.checkpoint();
          controller.abort();
        },
      }),
      { name: 'AbortError' },
    );
    assert.ok(kept !== undefined);
    const epochs: number[] = [];
    const resumed = await trainNetwork(barsNetwork(), dataset, {
      ...options,
      checkpoint: structuredClone(kept),
      onEpoch: ({ epoch }) => epochs.push(epoch),
    });
    assert.ok(bytesOf(whole).equals(bytesOf(resumed)));
    assert.deepEqual(epochs, [4, 5, 6]);
  });

  it('says why a training diverged, and leaks nothing then', async () => {
    const tensors = tf.memory().numTensors;
    await assert.rejects(
      trainNetwork(barsNetwork(false), dataset, { ...options, optimizer: 'sgd', learningRate: 1e9 }),
      { name: 'TrainingFailed', message: /loss became NaN at step \d+\. Train with a lower learning rate/ },
    );
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('trains with SGD, label smoothing and shifts too', async () => {
    const { trained } = await trainNetwork(barsNetwork(), dataset, {
      ...options,
      optimizer: 'sgd',
      learningRate: 0.1,
      labelSmoothing: 0.1,
      augmentation: { shift: 1, mirror: true },
    });
    assert.ok(evaluateFloat(trained, dataset, dataset.validation) > 0.7);
  });

  it('computes what the CPU backend computes, without our kernels', async () => {
    const once = { ...options, epochs: 1, trainingImages: 64 };
    const here = await trainNetwork(barsNetwork(), dataset, once);
    await tf.setBackend('cpu');
    try {
      const there = await trainNetwork(barsNetwork(), dataset, once);
      for (const [index, { weights }] of here.trained.parameters) {
        const other = there.trained.parameters.get(index)?.weights ?? new Float32Array();
        weights.forEach((w, i) => {
          const o = other[i] ?? NaN;
          assert.ok(Math.abs(w - o) < 5e-3, `op ${String(index)}, weight ${String(i)}: ${w} and ${o}`);
        });
      }
    } finally {
      await tf.setBackend('wasm');
    }
  });

  const once = { ...options, epochs: 1, trainingImages: 32 };
  for (const [example, network] of trainableExamples('8x8x1', 'flatten; dense -> 3')) {
    it(`trains ${example}`, async () => {
      const tensors = tf.memory().numTensors;
      const { trained, checkpoint } = await trainNetwork(network, dataset, once);
      assert.equal(tf.memory().numTensors, tensors);
      const before = initialState(network, once.seed);
      for (const [index, { weights }] of checkpoint.state) {
        assert.ok(weights.every(Number.isFinite), `op ${String(index)}`);
        assert.notDeepEqual(weights, before.get(index)?.weights, `op ${String(index)} has learnt nothing`);
      }
      assert.equal(runFloat(trained, new Float32Array(64), 1).length, 3);
    });
  }

  it('trains the slopes of prelu, from where they start', async () => {
    const network = new NetworkBuilder([8, 8, 1]).conv([3, 3], 6).op('prelu').op('mean').dense(3).network();
    const start = initialState(network, 1).get(1)?.weights ?? new Float32Array();
    assert.deepEqual([...start], Array<number>(6).fill(0.25));
    const { trained } = await trainNetwork(network, barsDataset(60), { seed: 1, epochs: 2 });
    const slopes = [...(trained.parameters.get(1)?.weights ?? [])];
    assert.equal(slopes.length, 6);
    assert.ok(slopes.every((slope) => slope !== 0.25 && Math.abs(slope - 0.25) < 0.25));
  });

  it('refuses networks that do not fit the dataset', async () => {
    const wrongInput = new NetworkBuilder([9, 9, 1]).op('mean').dense(3).network();
    const wrongOutput = new NetworkBuilder([8, 8, 1]).op('mean').dense(4).network();
    await assert.rejects(trainNetwork(wrongInput, dataset, options), {
      name: 'UntrainableNetwork',
      message: /takes 9x9x1 but the images of the dataset are 8x8x1/,
    });
    await assert.rejects(
      trainNetwork(wrongOutput, dataset, options),
      /4 values but the dataset has 3 classes/,
    );
  });
});
