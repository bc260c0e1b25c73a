/** The transposed convolution: each place of its input adds a weighted window to its output. */

import { count, pair, word } from './attribute.ts';
import { inputOf, operator, single } from './operator.ts';
import type { Outputs } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import { constant, fusedActivationOf } from './tflite.ts';
import { batchNorm, bias, biasesOf, biasOf, weightedInt8 } from './weighted.ts';
import { filterOf, imageOf, kernel, windowFields, windowOf } from './window.ts';
import type { Window } from './window.ts';

const stride = pair({
  name: 'stride',
  documentation: 'Step of the window over what is put out: how many times larger that is; `2` is `2x2`.',
  default: [1, 1],
  shownDefault: '1',
});
const padding = word({
  name: 'padding',
  words: ['same', 'valid'],
  default: 'same',
  documentation:
    '`same` cuts off what windows add beyond the size times the stride; `valid` keeps every window whole.',
});

/**
 * Sizes as Keras has them (`deconv_output_length`): same `n * s`, valid `n * s + max(k - s, 0)`, of as many channels as
 * filters.
 */
function widened(
  { kernel, stride, padding, filters }: Window & { readonly filters: number },
  input: TensorSpec,
): Outputs {
  const [height, width] = imageOf(input);
  const beyond = (axis: 0 | 1): number => (padding === 'same' ? 0 : Math.max(0, kernel[axis] - stride[axis]));
  const shape = [height * stride[0] + beyond(0), width * stride[1] + beyond(1), filters];
  return single(shape, input);
}

/**
 * Weights `[out, kh, kw, in]`. An activation behind it is an operator of its own: TFLite fuses one from version 4 on, and
 * the kernel that TFLite Micro has for CMSIS-NN reads that version and leaves the activation out
 * (`micro/kernels/cmsis_nn/transpose_conv.cc`, `kTfLiteActNone`).
 */
const transposeConv = operator({
  kind: 'transpose_conv',
  attributes: {
    kernel,
    filters: count({ name: 'channels', documentation: 'Number of filters.' }),
    stride,
    padding,
    bias,
    batchNorm,
  },
  words: [
    {
      name: 'tconv',
      documentation:
        'Transposed convolution: a stride makes the image larger (Keras Conv2DTranspose, TFLite TRANSPOSE_CONV).',
      operand: 'kernel',
      output: 'filters',
      named: ['stride', 'padding', 'bias'],
      snippet: 'tconv ${1:3x3} -> ${2:16} stride ${3:2}',
    },
  ],
  outputs: (a, inputs) => widened(a, inputOf(inputs)),
  counts(a, { input, inputs, kernelArea }) {
    const windowSize = kernelArea * input.channels;
    return {
      macs: inputs * kernelArea * a.filters,
      weights: a.filters * windowSize,
      biases: biasesOf(a, a.filters),
      windowSize,
      filters: a.filters,
      constants: 1,
      constantBytes: 16,
    };
  },
  weights: { channels: 'first', perChannel: true },
  channels: { by: 'set', attribute: 'filters' },
  stepsOver: 'output',
  int8: weightedInt8,
  tflite: {
    name: 'TRANSPOSE_CONV',
    version: (a) => (a.bias === 'absent' ? 2 : 3),
    since: { 2: '2.2.0', 3: '2.3.0' },
    options: 49,
    encode: windowFields,
    // The shape that it puts out, then weights, what it reads, and biases.
    constants: (_, { outputs: [output] }) => [constant([4], [1, ...(output?.shape ?? [])])],
    activationsAt: 2,
    decode({ options, inputs: [, weights, input, biases], outputs: [output], isUnary }) {
      const window = windowOf(options);
      const filter = filterOf(weights);
      const [, height, width, channels] = input?.shape ?? [];
      if (!isUnary || !window || !filter || height === undefined || width === undefined) return undefined;
      if (channels !== filter.last || fusedActivationOf(options, 3) !== 'none') return undefined;
      const found = { ...window, kernel: filter.kernel, filters: filter.first };
      const [made] = widened(found, { shape: [height, width, channels], dtype: 'int8' }).outputs;
      // A file may say any shape that a convolution of these strides would bring back to the input.
      if (made?.shape.join() !== output?.shape.slice(1).join()) return undefined;
      return { ...found, bias: biasOf(biases), batchNorm: false };
    },
  },
  examples: [
    'tconv 3x3 -> 6 stride 2, bn, relu',
    'tconv 3x2 -> 5 stride 2x1 padding valid bias off',
    'tconv 1x2 -> 4 stride 2x3 padding valid',
  ],
});

export const transposedConvolutions = [transposeConv] as const;
