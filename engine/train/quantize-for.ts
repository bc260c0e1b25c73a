/** Quantisation calibrated on a dataset's own training images. */

import type { QuantizedNetwork, TrainedNetwork } from '../space/trained.ts';
import { batch, type Dataset, spreadIndices } from './data/dataset.ts';
import { quantize } from './quantize.ts';

/** Normalised training images, `[dataset.calibrate, ...shape]`; the same ones every time. */
export function calibrationImages(dataset: Dataset, count = dataset.calibrate): Float32Array {
  return batch(dataset, dataset.train, spreadIndices(dataset.train, count));
}

export function quantizeFor(trained: TrainedNetwork, dataset: Dataset): QuantizedNetwork {
  const bytes = dataset.train.values instanceof Uint8Array;
  return quantize(trained, calibrationImages(dataset), bytes ? { input: dataset.normalization } : {});
}
