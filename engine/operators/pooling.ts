/** Pools and reductions over the pixels of an image. */

import { flag } from './attribute.ts';
import { inputOf, int8Rule, operator, sharedScale, single } from './operator.ts';
import type { Int8Rule, Pooling } from './operator.ts';
import {
  activationCodes,
  boolField,
  constant,
  fusedActivationOf,
  int32Field,
  int8Field,
  sensible,
} from './tflite.ts';
import { activation } from './weighted.ts';
import { imageOf, kernel, padding, stride, windowed, windowFields, windowOf } from './window.ts';

const poolAttributes = {
  kernel: { ...kernel, documentation: 'Rows x columns of the window.' },
  stride,
  padding,
  activation,
};

const pool = <const K extends string>(kind: K, name: string, word: string, documentation: string) =>
  operator({
    kind,
    attributes: poolAttributes,
    words: [
      {
        name: word,
        documentation,
        operand: 'kernel',
        named: ['stride', 'padding'],
        snippet: `${word} \${1:2x2} stride \${2:2}`,
      },
    ],
    outputs: (a, inputs) => windowed(a, [1, 1], inputOf(inputs), (channels) => channels),
    counts: (_, { pixels, kernelArea, output }) => ({ poolReads: pixels * kernelArea * output.channels }),
    channelwise: true,
    int8: sharedScale,
    tflite: {
      name,
      version: () => 2,
      options: 5,
      encode: (a) => [
        ...windowFields(a),
        int32Field(3, a.kernel[1]),
        int32Field(4, a.kernel[0]),
        int8Field(5, activationCodes[a.activation]),
      ],
      decode({ options, isUnary }) {
        const window = windowOf(options);
        const fused = fusedActivationOf(options, 5);
        const sides = sensible([options.int32(4), options.int32(3)]);
        if (!isUnary || !window || !fused || !sides) return undefined;
        return { ...window, kernel: sides, activation: fused };
      },
    },
    examples: [`${word} 2x2 stride 2`, `${word} 3x2 padding valid, relu`],
  });

const averagePool2d = pool(
  'average_pool_2d',
  'AVERAGE_POOL_2D',
  'avgpool',
  'Mean over a window. The stride is 1 unless written.',
);
const maxPool2d = pool(
  'max_pool_2d',
  'MAX_POOL_2D',
  'maxpool',
  'Greatest value in a window. The stride is 1 unless written.',
);

const reduceAttributes = {
  keepDims: flag({
    name: 'keepdims',
    documentation: 'Leave height and width of one behind: `[1, 1, c]` rather than `[c]`.',
    default: false,
  }),
};

const reduction = <const K extends string>(
  kind: K,
  name: string,
  [word, documentation]: readonly [name: string, documentation: string],
  pooling: Omit<Pooling, 'reduction'>,
  int8: Int8Rule,
) =>
  operator({
    kind,
    attributes: reduceAttributes,
    words: [{ name: word, documentation }],
    outputs({ keepDims }, inputs) {
      const input = inputOf(inputs);
      const [, , channels] = imageOf(input);
      return single(keepDims ? [1, 1, channels] : [channels], input);
    },
    // The axes are a constant in the file.
    counts: (_, { inputs }) => ({ reduced: inputs, constants: 1, constantBytes: 8 }),
    channelwise: true,
    pooling: { ...pooling, reduction: word },
    int8,
    tflite: {
      name,
      version: () => 2,
      options: 27,
      encode: (a) => [boolField(0, a.keepDims)],
      constants: () => [constant([2], [1, 2])],
      decode({ options, inputs: [input, axes], isUnary }) {
        const rank = input?.shape.length ?? 0;
        const found = axes?.integers?.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
        return isUnary && rank === 4 && found?.join() === '1,2' ? { keepDims: options.bool(0) } : undefined;
      },
    },
    examples: [word],
  });

/** Over height and width, `[h, w, c] -> [c]` (global average pool). */
const mean = reduction(
  'mean',
  'MEAN',
  ['gap', 'Global average pool: the mean over height and width, one feature per channel (TFLite MEAN).'],
  { kind: 'average_pool_2d', layer: 'avgpool' },
  int8Rule({}),
);
/** The greatest value over height and width. */
const reduceMax = reduction(
  'reduce_max',
  'REDUCE_MAX',
  ['gmp', 'Global maximum pool: the greatest value over height and width (TFLite REDUCE_MAX).'],
  { kind: 'max_pool_2d', layer: 'maxpool' },
  sharedScale,
);

export const pools = [maxPool2d, averagePool2d, mean, reduceMax] as const;
