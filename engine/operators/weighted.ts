/** What operators with weights share. */

import { flag, word } from './attribute.ts';
import { int8Rule } from './operator.ts';
import { fusedActivations } from './tflite.ts';

/** Applied while the output is written; what the language writes as a follower. */
export const activation = word({
  name: 'activation',
  words: fusedActivations,
  default: 'none',
  documentation: 'Applied while the output is written.',
});
export const bias = flag({
  name: 'bias',
  documentation: 'Add a trained constant per channel.',
  default: true,
});
/** Trained with batch normalisation after it, folded into weights and bias at export. */
export const batchNorm = flag({
  name: 'bn',
  documentation: 'Batch normalisation, folded into the weights at export.',
  default: false,
});

export const weightedInt8 = int8Rule({
  leastScales: (inputs, _output, weights) =>
    weights === undefined
      ? []
      : [
          // The scale of the bias, a float, may miss input x weight by 2 % of the output (kernel_util.cc).
          { of: 'output', least: Math.max(0, ...inputs) * weights.scale * 2 ** -18 },
          // Sums are shifted left to steps of the output within 32 bits, also where an activation will cut them off.
          { of: 'output', least: weights.greatestSum * 2 ** -30 },
        ],
});

/** Biases that the model file holds: also those that normalisation leaves. */
export const biasesOf = (
  { bias: has, batchNorm: norm }: { readonly bias: boolean; readonly batchNorm: boolean },
  outputs: number,
): number => (has || norm ? outputs : 0);
