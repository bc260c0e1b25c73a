/** Trains a network on a dataset: the same seed on the same backend gives the same weights, bit for bit. */

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../space/network.ts';
import type { TrainedNetwork } from '../space/trained.ts';
import { augment, type Augmentation } from './augment.ts';
import { batch, type Dataset, sampleSize } from './data/dataset.ts';
import { classifierEnds, forward, type Runner, shapeOf } from './forward.ts';
import { normalizeBatch, softmaxCrossEntropy } from './layers.ts';
import { isWeighted, weightedOf } from './operators/catalogue.ts';
import { activate, activationOf } from './operators/fused.ts';
import { learnsBias, normalizes } from './operators/weighted.ts';
import { adam, schedule, sgd } from './optimizer.ts';
import { permutation, type Random, random } from './random.ts';
import { type Checkpoint, fold, initialState, type OpState } from './state.ts';

export interface TrainOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize?: number;
  /** At its peak, after the warm-up. */
  readonly learningRate?: number;
  readonly optimizer?: 'adam' | 'sgd';
  readonly weightDecay?: number;
  /** Share of all steps in which the learning rate rises. */
  readonly warmup?: number;
  readonly labelSmoothing?: number;
  /** By default as the dataset permits: mirrored, shifted. */
  readonly augmentation?: Augmentation;
  /** Trains on so many images of the training split, the same ones for every trial of one seed. */
  readonly trainingImages?: number;
  /** Continues an interrupted training, or starts from the weights of another (`epoch: 0`). */
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (progress: EpochProgress) => void;
  /** Called every few batches. */
  readonly onPause?: () => void;
}

export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss of the epoch. */
  readonly loss: number;
  /** The state after the epoch; copies the arrays, so call it only where it is kept. */
  checkpoint(): Checkpoint;
}

export interface TrainResult {
  readonly trained: TrainedNetwork;
  readonly checkpoint: Checkpoint;
}

/** A training that cannot go on; the message says why, for the trial's record. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

const BATCH_SIZE = 64;
/** Small networks with batch normalisation bear, and in few epochs need, a high rate; without it they diverge. */
const LEARNING_RATE = {
  adam: { normalized: 0.015, plain: 0.003 },
  sgd: { normalized: 0.1, plain: 0.02 },
} as const;
const WEIGHT_DECAY = { adam: 0.01, sgd: 1e-4 } as const;
const WARMUP = 0.1;
/** Weight of the past in the moving averages of the normalisation. */
const MOVING_AVERAGE = 0.95;
/** Batches between two looks at the abort signal and other events of the process. */
const YIELD_EVERY = 8;

interface Variables {
  readonly weights: tf.Variable;
  readonly bias: tf.Variable;
  readonly gamma: tf.Variable | undefined;
}

export async function trainNetwork(
  network: Network,
  dataset: Dataset,
  options: TrainOptions,
): Promise<TrainResult> {
  classifierEnds(network, dataset.shape, dataset.classes);
  const session = openSession(network, dataset, options);
  try {
    for (let epoch = session.epoch; epoch < options.epochs; epoch++) {
      const loss = await session.runEpoch(epoch);
      options.onEpoch?.({
        epoch: epoch + 1,
        epochs: options.epochs,
        loss,
        checkpoint: () => session.checkpoint(epoch + 1),
      });
    }
  } finally {
    session.close();
  }
  const checkpoint = session.checkpoint(options.epochs);
  const trained = fold(network, checkpoint.state);
  return { trained, checkpoint };
}

interface Session {
  readonly epoch: number;
  runEpoch(epoch: number): Promise<number>;
  checkpoint(epoch: number): Checkpoint;
  close(): void;
}

function copyState(state: ReadonlyMap<number, OpState>): Map<number, OpState> {
  return new Map(structuredClone(state));
}

function openSession(network: Network, dataset: Dataset, options: TrainOptions): Session {
  const { seed, checkpoint } = options;
  const kind = options.optimizer ?? 'adam';
  const batchSize = options.batchSize ?? BATCH_SIZE;
  const count = Math.min(options.trainingImages ?? dataset.train.size, dataset.train.size);
  const steps = Math.max(1, Math.floor(count / batchSize));
  const state = checkpoint === undefined ? initialState(network, seed) : copyState(checkpoint.state);
  const optimizer = (kind === 'adam' ? adam : sgd)(new Map(structuredClone(checkpoint?.moments)));
  const subset = permutation(dataset.train.size, random(seed, 'subset')).subarray(0, count);
  const augmentation = options.augmentation ?? { shift: dataset.shift ?? 0, mirror: dataset.mirror };
  const isImage = dataset.shape.length === 3;
  const zero = (0 - dataset.normalization.offset) * dataset.normalization.scale;
  const normalized = network.ops.some((op) => isWeighted(op) && normalizes(op));
  const peak = options.learningRate ?? LEARNING_RATE[kind][normalized ? 'normalized' : 'plain'];
  const decay = options.weightDecay ?? WEIGHT_DECAY[kind];
  const variables = openVariables(state);
  const isOffset = new Set(
    network.ops.filter((op) => isWeighted(op) && learnsBias(op)).map(({ index }) => index),
  );
  const isDecayed = new Set(
    network.ops
      .filter((op) => isWeighted(op) && weightedOf(op).initial === undefined)
      .map(({ index }) => index),
  );
  let step = checkpoint?.step ?? 0;

  /** One step of descent on one batch; returns its loss. */
  function descend(images: Float32Array, labels: Int32Array, dropout: Random): number {
    const rate =
      peak * schedule(step, steps * options.epochs, (options.warmup ?? WARMUP) * steps * options.epochs);
    step++;
    const inputShape = shapeOf(network, network.inputs[0] ?? -1);
    const runner = trainingRunner(state, variables, dropout, step);
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const x = tf.tensor(images, [labels.length, ...inputShape], 'float32');
        const logits: tf.Tensor2D = tf.reshape(forward(network, x, runner), [labels.length, dataset.classes]);
        return softmaxCrossEntropy(logits, targets(labels, dataset.classes, options.labelSmoothing ?? 0));
      });
      const loss = value.dataSync<'float32'>()[0] ?? NaN;
      if (!Number.isFinite(loss)) {
        throw new TrainingFailed(
          `The loss became ${String(loss)} at step ${String(step)}. Train with a lower learning rate, or add bn after the convolutions.`,
        );
      }
      for (const [index, { weights, bias, gamma }] of variables) {
        const numbers = state.get(index);
        if (numbers === undefined) continue;
        const fit = (variable: tf.Variable, values: Float32Array, share: number) => {
          const gradient = grads[variable.name];
          if (gradient === undefined) return;
          optimizer.update(variableKey(variable), values, gradient.dataSync<'float32'>(), rate, share, step);
          variable.assign(tf.tensor(values, variable.shape, 'float32'));
        };
        fit(weights, numbers.weights, isDecayed.has(index) ? decay : 0);
        if (isOffset.has(index)) fit(bias, numbers.bias, 0);
        if (gamma !== undefined && numbers.norm !== undefined) fit(gamma, numbers.norm.gamma, 0);
      }
      return loss;
    });
  }

  return {
    epoch: checkpoint?.epoch ?? 0,
    async runEpoch(epoch) {
      const order = permutation(count, random(seed, 'order', epoch));
      const source = random(seed, 'augmentation', epoch);
      const dropout = random(seed, 'dropout', epoch);
      const images = new Float32Array(Math.min(batchSize, count) * sampleSize(dataset));
      let total = 0;
      for (let i = 0; i < steps; i++) {
        if (i % YIELD_EVERY === 0) {
          await setImmediate();
          options.onPause?.();
          options.signal?.throwIfAborted();
        }
        const indices = order.subarray(i * batchSize, (i + 1) * batchSize).map((place) => subset[place] ?? 0);
        batch(dataset, dataset.train, indices, images);
        if (isImage) augment(images, dataset.shape, augmentation, zero, source);
        total += descend(
          images,
          indices.map((index) => dataset.train.labels[index] ?? 0),
          dropout,
        );
      }
      return total / steps;
    },
    checkpoint: (epoch) => ({
      state: copyState(state),
      moments: structuredClone(optimizer.moments),
      epoch,
      step,
    }),
    close() {
      for (const { weights, bias, gamma } of variables.values()) {
        weights.dispose();
        bias.dispose();
        gamma?.dispose();
      }
    },
  };
}

/** tfjs wants names that are unique in the process; the part after the colon is stable between runs. */
let sessions = 0;
const variableKey = (variable: tf.Variable): string => variable.name.slice(variable.name.indexOf(':') + 1);

function openVariables(state: ReadonlyMap<number, OpState>): Map<number, Variables> {
  const session = String(sessions++);
  return new Map(
    [...state].map(([index, { shape, weights, bias, norm }]) => {
      const make = (values: Float32Array, form: readonly number[], role: string) =>
        tf.tidy(() =>
          tf.variable(tf.tensor(values, [...form], 'float32'), true, `${session}:${String(index)}/${role}`),
        );
      return [
        index,
        {
          weights: make(weights, shape, 'weights'),
          bias: make(bias, [bias.length], 'bias'),
          gamma: norm === undefined ? undefined : make(norm.gamma, [norm.gamma.length], 'gamma'),
        },
      ];
    }),
  );
}

function targets(labels: Int32Array, classes: number, smoothing: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, row) => (values[row * classes + label] = 1 - smoothing + smoothing / classes));
  return tf.tensor2d(values, [labels.length, classes]);
}

function trainingRunner(
  state: ReadonlyMap<number, OpState>,
  variables: ReadonlyMap<number, Variables>,
  source: Random,
  step: number,
): Runner {
  return {
    toLoss: true,
    dropout(x, rate) {
      if (rate <= 0) return x;
      const mask = new Float32Array(x.size);
      for (let i = 0; i < mask.length; i++) mask[i] = source.unit() < rate ? 0 : 1 / (1 - rate);
      return tf.mul(x, tf.tensor(mask, x.shape));
    },
    weighted(op, x) {
      const own = variables.get(op.index);
      if (own === undefined) throw new Error(`${op.name} has no variables.`);
      const z = weightedOf(op).linear(op, x, own.weights, false);
      const norm = state.get(op.index)?.norm;
      if (own.gamma === undefined || norm === undefined)
        return activate(tf.add(z, own.bias), activationOf(op));
      // At first the averages follow the mean of what has been seen.
      const keep = Math.min(MOVING_AVERAGE, 1 - 1 / step);
      return normalizeBatch(z, own.gamma, own.bias, activationOf(op), (mean, variance) => {
        for (let c = 0; c < mean.length; c++) {
          norm.mean[c] = keep * (norm.mean[c] ?? 0) + (1 - keep) * (mean[c] ?? 0);
          norm.variance[c] = keep * (norm.variance[c] ?? 0) + (1 - keep) * (variance[c] ?? 0);
        }
      });
    },
  };
}
