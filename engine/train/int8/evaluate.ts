/** Accuracy of a quantised network, on the bytes of the dataset. */

import type { QuantizedNetwork } from '../../space/trained.ts';
import { type Dataset, sampleSize, type Split, spreadIndices } from '../data/dataset.ts';
import { argMax } from '../evaluate.ts';
import { createInt8Interpreter } from './interpreter.ts';

/** Quantises stored samples as the network's input wants them. */
export function inputQuantizer(
  quantized: QuantizedNetwork,
  dataset: Pick<Dataset, 'shape' | 'normalization'>,
): (split: Pick<Split, 'values'>, index: number, out?: Int8Array) => Int8Array {
  const q = quantized.activations.get(quantized.network.inputs[0] ?? -1);
  const step = q?.scale[0] ?? 1;
  const zero = q?.zeroPoint[0] ?? 0;
  const size = sampleSize(dataset);
  const { scale, offset } = dataset.normalization;
  return ({ values }, index, out = new Int8Array(size)) => {
    for (let i = 0; i < size; i++) {
      const real = ((values[index * size + i] ?? 0) - offset) * scale;
      out[i] = Math.max(-128, Math.min(127, Math.round(real / step) + zero));
    }
    return out;
  };
}

/** Share of a split that the int8 network classifies correctly. */
export function evaluateInt8(
  quantized: QuantizedNetwork,
  dataset: Dataset,
  split: Split,
  limit = split.size,
): number {
  const interpreter = createInt8Interpreter(quantized);
  const quantizeInput = inputQuantizer(quantized, dataset);
  const input = new Int8Array(sampleSize(dataset));
  const chosen = spreadIndices(split, limit);
  let correct = 0;
  for (const index of chosen) {
    const output = interpreter.run(quantizeInput(split, index, input));
    if (argMax(output, 0, dataset.classes) === split.labels[index]) correct++;
  }
  return correct / Math.max(1, chosen.length);
}
