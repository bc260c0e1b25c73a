/** Operators that change the shape and learn nothing. */

import { count, dims, pair } from './attribute.ts';
import { Misfit } from './misfit.ts';
import { inputOf, operator, sharedScale, single } from './operator.ts';
import { elementsOf, shapeText } from './tensors.ts';
import { constant } from './tflite.ts';
import { imageOf } from './window.ts';

export const reshape = operator({
  kind: 'reshape',
  attributes: {
    shape: dims({ name: 'shape', documentation: 'The new shape; as many elements as before.' }),
  },
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

/** Zero padding: rows before/after, columns before/after, channels of zeros after the last. */
export const pad = operator({
  kind: 'pad',
  attributes: {
    before: pair({
      name: 'before',
      documentation: 'Rows above x columns left.',
      what: 'padding before',
      least: 0,
      default: [0, 0],
      shownDefault: '0',
    }),
    after: pair({
      name: 'after',
      documentation: 'Rows below x columns right.',
      what: 'padding after',
      least: 0,
      default: [0, 0],
      shownDefault: '0',
    }),
    channels: count({
      name: 'channels',
      documentation: 'Channels of zeros after the last.',
      least: 0,
      default: 0,
    }),
  },
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

const resizing = <const K extends string>(kind: K, name: string, options: number, mode: string) =>
  operator({
    kind,
    attributes: { size: pair({ name: 'size', documentation: 'New height x width.' }) },
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

export const resizeNearestNeighbor = resizing(
  'resize_nearest_neighbor',
  'RESIZE_NEAREST_NEIGHBOR',
  74,
  'nearest',
);
export const resizeBilinear = resizing('resize_bilinear', 'RESIZE_BILINEAR', 15, 'bilinear');
