/** What operators with weights share. */

import { flag, word } from './attribute.ts';
import type { Attribute } from './attribute.ts';
import { int8Rule } from './operator.ts';
import { fusedActivations } from './tflite.ts';
import type { FileTensor } from './tflite.ts';

/**
 * Trained, zeros that are written all the same (kernels of older TensorFlow Lite refuse a convolution without, so its
 * converter always writes some), or a tensor that a file does not have.
 */
export type Bias = 'on' | 'off' | 'absent';

/** Applied while the output is written; what the language writes as a follower. */
export const activation = word({
  name: 'activation',
  words: fusedActivations,
  default: 'none',
  documentation: 'Applied while the output is written.',
});
export const bias: Attribute<Bias> = {
  ...word<Bias>({
    name: 'bias',
    words: ['on', 'off'],
    default: 'on',
    documentation: 'Add a trained constant per channel.',
  }),
  write: (value) => (value === 'on' ? 'on' : 'off'),
};
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

/** What the third input of a file's operator says. */
export const biasOf = (biases: FileTensor | undefined): Bias => (biases === undefined ? 'absent' : 'on');

/** Biases that the model file holds. */
export const biasesOf = ({ bias: has }: { readonly bias: Bias }, outputs: number): number =>
  has === 'absent' ? 0 : outputs;
