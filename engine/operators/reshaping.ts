/** Operators that change the shape and learn nothing. */

import { count, dims, pair, word as oneOf } from './attribute.ts';
import { Misfit } from './misfit.ts';
import { inputOf, operator, sharedScale, single, templateOf } from './operator.ts';
import { elementsOf, shapeText } from './tensors.ts';
import type { Pair } from './tensors.ts';
import { constant } from './tflite.ts';
import { imageOf } from './window.ts';
import { making, parameterOf, readWritten, word } from './word.ts';
import type { OperatorInfo, Written } from './word.ts';

const reshape = operator({
  kind: 'reshape',
  attributes: {
    shape: dims({ name: 'shape', documentation: 'The new shape; as many elements as before.' }),
  },
  words: [
    {
      name: 'reshape',
      documentation: 'Gives the same numbers another shape: `reshape -> 7x7x16`.',
      output: 'shape',
      snippet: 'reshape -> ${1:1x1x64}',
    },
    {
      name: 'flatten',
      documentation: 'Turns a feature map into a vector (TFLite RESHAPE).',
      channels: { by: 'flattened' },
      says: {
        read: (_, inputs) => ({ shape: [elementsOf(inputOf(inputs).shape)] }),
        write: () => undefined,
      },
    },
  ],
  outputs({ shape }, inputs) {
    const input = inputOf(inputs);
    const elements = elementsOf(input.shape);
    const wanted = elementsOf(shape);
    if (wanted !== elements) {
      const [from, to] = [shapeText(input.shape), shapeText(shape)];
      throw new Misfit('reshape', { input: from, output: to, elements, wanted });
    }
    return single(shape, input);
  },
  // The new shape is a constant in the file.
  counts: () => ({ constants: 1, constantBytes: 8 }),
  channels: { by: 'unknown' },
  channelwise: true,
  converts: true,
  int8: sharedScale,
  tflite: {
    name: 'RESHAPE',
    version: () => 1,
    constants: ({ shape }) => [constant([shape.length + 1], [1, ...shape])],
    decode: ({ inputs: [input], outputs: [output] }) =>
      // The new shape may be computed by the operators before it.
      input?.isConstant === false && output !== undefined ? { shape: output.shape.slice(1) } : undefined,
  },
  examples: ['reshape -> 4x16x4', 'flatten'],
});

const zeros = (name: string, documentation: string, what: string) =>
  pair({ name, documentation, what, least: 0, default: [0, 0], shownDefault: '0' });

const around = zeros('size', 'Rows above and below x columns left and right.', 'padding');
const padAttributes = {
  before: zeros('before', 'Rows above x columns left.', 'padding before'),
  after: zeros('after', 'Rows below x columns right.', 'padding after'),
  channels: count({
    name: 'channels',
    documentation: 'Channels of zeros after the last.',
    least: 0,
    default: 0,
  }),
};

/** Zero padding: rows before/after, columns before/after, channels of zeros after the last. */
const pad = operator({
  kind: 'pad',
  attributes: padAttributes,
  words: [
    {
      name: 'pad',
      documentation: 'Zeros around the image: `pad 1x1` on all sides, or `pad before 0x0 after 1x1`.',
      operand: around,
      named: ['before', 'after', 'channels'],
      snippet: 'pad ${1:1x1}',
      says: {
        read(written) {
          const { before, after, channels } = padAttributes;
          const size = readWritten(around, written, 'operand');
          return {
            before: written.has('before') ? readWritten(before, written, 'before') : size,
            after: written.has('after') ? readWritten(after, written, 'after') : size,
            channels: readWritten(channels, written, 'channels'),
          };
        },
        write({ before, after, channels }) {
          const sides = [['before', before] as const, ['after', after] as const];
          return {
            operand: undefined,
            output: undefined,
            named: [
              ...sides.map(([name, side]) => [name, padAttributes[name].write(side)] as const),
              ...(channels === 0 ? [] : [['channels', String(channels)] as const]),
            ],
          };
        },
      },
    },
  ],
  outputs({ before, after, channels: added }, inputs) {
    const input = inputOf(inputs);
    const [height, width, channels] = imageOf(input);
    return single([height + before[0] + after[0], width + before[1] + after[1], channels + added], input);
  },
  counts: () => ({ constants: 1, constantBytes: 32 }),
  channels: { by: 'plus', attribute: 'channels' },
  channelwise: true,
  int8: sharedScale,
  tflite: {
    name: 'PAD',
    version: () => 2,
    options: 22,
    constants: ({ before, after, channels }) => [
      constant([4, 2], [0, 0, before[0], after[0], before[1], after[1], 0, channels]),
    ],
    decode({ inputs: [, amounts], isUnary }) {
      const [none, noneAfter, top = 0, bottom = 0, left = 0, right = 0, first, channels = 0] =
        amounts?.integers ?? [];
      if (!isUnary || amounts?.integers?.length !== 8) return undefined;
      if (none !== 0 || noneAfter !== 0 || first !== 0) return undefined;
      return { before: [top, left] as const, after: [bottom, right] as const, channels };
    },
  },
  examples: ['pad before 1x0 after 2x1', 'pad 1 channels 3'],
});

const newSize = pair({ name: 'size', documentation: 'New height x width.' });

const resizing = <const K extends string>(kind: K, name: string, options: number, mode: string) =>
  operator({
    kind,
    attributes: { size: newSize },
    outputs({ size }, inputs) {
      const input = inputOf(inputs);
      const [, , channels] = imageOf(input);
      return single([...size, channels], input);
    },
    counts: () => ({ constants: 1, constantBytes: 8 }),
    channelwise: true,
    int8: sharedScale,
    tflite: {
      name,
      version: () => 2,
      options,
      constants: ({ size }) => [constant([2], size)],
      decode({ outputs: [output], isUnary }) {
        const [, height, width] = output?.shape ?? [];
        return isUnary && height !== undefined && width !== undefined
          ? { size: [height, width] as const }
          : undefined;
      },
    },
    examples: [`resize 12x10 mode ${mode}`, `upsample 2 mode ${mode}`],
  });

const resizes = {
  nearest: resizing('resize_nearest_neighbor', 'RESIZE_NEAREST_NEIGHBOR', 74, 'nearest'),
  bilinear: resizing('resize_bilinear', 'RESIZE_BILINEAR', 15, 'bilinear'),
};

const mode = oneOf({
  name: 'mode',
  words: ['nearest', 'bilinear'],
  default: 'nearest',
  documentation: 'How values between the pixels are found.',
});
const factor = pair({
  name: 'factor',
  documentation: 'Factor of the height x factor of the width.',
  what: 'size',
});

const resized = (written: Written, size: Pair) => [
  { template: templateOf(resizes[readWritten(mode, written, 'mode')], { size }) },
];

const resize: OperatorInfo = word({
  name: 'resize',
  documentation: 'Scales the image to a size: `resize 40x40 mode bilinear`.',
  operand: parameterOf(newSize),
  parameters: [parameterOf(mode)],
  snippet: 'resize ${1:40x40}',
  kinds: [resizes.nearest.kind, resizes.bilinear.kind],
  makes: making(
    (written) => resized(written, readWritten(newSize, written, 'operand')),
    (op) => {
      if (op.kind !== resizes.nearest.kind && op.kind !== resizes.bilinear.kind) return undefined;
      const named = op.kind === resizes.bilinear.kind ? [['mode', 'bilinear'] as const] : [];
      return { operand: newSize.write(op.size), output: undefined, named };
    },
  ),
});

const upsample: OperatorInfo = word({
  name: 'upsample',
  documentation: 'Scales the image by whole factors: `upsample 2`.',
  operand: parameterOf(factor),
  parameters: [parameterOf(mode)],
  snippet: 'upsample ${1:2}',
  makes: making((written, inputs) => {
    const [height, width] = imageOf(inputOf(inputs));
    const [rows, columns] = readWritten(factor, written, 'operand');
    return resized(written, [height * rows, width * columns]);
  }),
});

export const reshapes = [reshape, pad, resizes.nearest, resizes.bilinear, resize, upsample] as const;
