/** Fully connected layers. */

import { count } from './attribute.ts';
import { inputOf, operator, single } from './operator.ts';
import { activationCodes, fusedActivationOf, int8Field } from './tflite.ts';
import { activation, batchNorm, bias, biasesOf, biasOf, weightedInt8 } from './weighted.ts';

/** Flattens its input, or takes it row by row. Weights `[units, in]`. */
const fullyConnected = operator({
  kind: 'fully_connected',
  attributes: {
    units: count({ name: 'units', documentation: 'Number of features put out.' }),
    bias,
    activation,
    batchNorm,
  },
  words: [
    {
      name: 'dense',
      documentation: 'Fully connected layer; flattens what arrives (TFLite FULLY_CONNECTED).',
      output: 'units',
      named: ['bias'],
      snippet: 'dense -> ${1:classes}',
    },
  ],
  outputs: ({ units }, inputs) => single([units], inputOf(inputs)),
  counts(a, { inputs, outputs }) {
    // The same weights serve every row of a sequence.
    const rows = Math.max(1, outputs / a.units);
    const windowSize = inputs / rows;
    const weights = a.units * windowSize;
    return { macs: weights * rows, weights, biases: biasesOf(a, a.units), windowSize };
  },
  weights: { channels: 'first', perChannel: false },
  channels: { by: 'set', attribute: 'units' },
  int8: weightedInt8,
  tflite: {
    name: 'FULLY_CONNECTED',
    version: () => 4,
    options: 8,
    encode: (a) => [int8Field(0, activationCodes[a.activation])],
    decode({ options, inputs: [input, weights, biases], isUnary }) {
      const fused = fusedActivationOf(options, 0);
      const [units, width] = weights?.shape ?? [];
      if (!isUnary || fused === undefined || weights?.isConstant !== true || weights.shape.length !== 2)
        return undefined;
      // Weights in shuffled order are of a float format of old.
      if (options.int8(1) !== 0 || units === undefined || width === undefined) return undefined;
      const rows = (input?.shape ?? []).reduce((product, size) => product * size, 1) / width;
      if (!Number.isInteger(rows) || rows < 1) return undefined;
      return { units, activation: fused, bias: biasOf(biases), batchNorm: false };
    },
  },
  examples: ['dense -> 5, bn, relu', 'gap; dense -> 3 bias off'],
});

export const dense = [fullyConnected] as const;
