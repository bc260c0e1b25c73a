/** The range of every activation tensor over calibration images. */

import * as tf from '@tensorflow/tfjs-core';
import type { TrainedNetwork } from '../space/trained.ts';
import { foldedRunner } from './evaluate.ts';
import { forward, shapeOf } from './forward.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

const CALIBRATION_BATCH = 32;

/**
 * Minimum and maximum by tensor id. With `clip` above 0, per batch so that this share of values lies outside at
 * each end, averaged over the batches: single outliers then do not cost everyone resolution.
 */
export function calibrate(trained: TrainedNetwork, images: Float32Array, clip: number): Map<number, Range> {
  const { network } = trained;
  const shape = shapeOf(network, network.inputs[0] ?? -1);
  const size = shape.reduce((a, b) => a * b, 1);
  const count = Math.floor(images.length / size);
  if (count === 0) throw new Error('Quantisation needs at least one calibration image.');
  const sums = new Map<number, { low: number; high: number; batches: number }>();
  for (let start = 0; start < count; start += CALIBRATION_BATCH) {
    const n = Math.min(CALIBRATION_BATCH, count - start);
    tf.tidy(() => {
      const x = tf.tensor(images.slice(start * size, (start + n) * size), [n, ...shape], 'float32');
      forward(network, x, foldedRunner(trained), (id, value) => {
        const { low, high } = rangeOf(value.dataSync<'float32'>(), clip);
        const known = sums.get(id);
        if (known === undefined) sums.set(id, { low, high, batches: 1 });
        else if (clip > 0) {
          sums.set(id, { low: known.low + low, high: known.high + high, batches: known.batches + 1 });
        } else {
          sums.set(id, { low: Math.min(known.low, low), high: Math.max(known.high, high), batches: 1 });
        }
      });
    });
  }
  return new Map(
    [...sums].map(([id, { low, high, batches }]) => [id, { low: low / batches, high: high / batches }]),
  );
}

function rangeOf(values: Float32Array, clip: number): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (clip <= 0 || values.length === 0) return { low, high };
  const sorted = Float32Array.from(values).sort();
  const skip = Math.floor(clip * sorted.length);
  return { low: sorted[skip] ?? low, high: sorted[sorted.length - 1 - skip] ?? high };
}
