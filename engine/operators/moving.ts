/** Operators that put values elsewhere and leave them as they are. */

import { count, dims } from './attribute.ts';
import type { Attribute } from './attribute.ts';
import { alongOf, axis, piecesAlong, withBatch, withoutBatch } from './axis.ts';
import { outOfRange } from './misfit.ts';
import { inputOf, operator, sharedScale, single } from './operator.ts';
import type { Shape } from './tensors.ts';
import { constant, int32Field } from './tflite.ts';

const isOrder = (axes: readonly number[], rank: number): boolean =>
  axes.length === rank && axes.every((axis, at) => axis >= 0 && axis < rank && axes.indexOf(axis) === at);

/** Axes in another order. */
const transpose = operator({
  kind: 'transpose',
  attributes: {
    axes: dims({
      name: 'axes',
      documentation:
        'The axis of the input that each axis of the output is, counted from 0: `2x0x1` puts the channels first.',
      least: 0,
    }),
  },
  words: [
    {
      name: 'transpose',
      documentation: 'Puts the axes in another order: `transpose 2x0x1` (TFLite TRANSPOSE).',
      operand: 'axes',
      snippet: 'transpose ${1:2x0x1}',
    },
  ],
  outputs({ axes }, inputs) {
    const input = inputOf(inputs);
    const { shape } = input;
    if (!isOrder(axes, shape.length)) {
      const listed = shape.map((_, axis) => axis);
      outOfRange('order of the axes', `${listed.join('x')} in some order`, axes.join('x'));
    }
    return single(
      axes.map((axis) => shape[axis] ?? 1),
      input,
    );
  },
  // The order is a constant in the file, with the batch.
  counts({ axes }) {
    const moved = axes.findIndex((axis, at) => axis !== at);
    return {
      constants: 1,
      constantBytes: 4 * (axes.length + 1),
      axesKept: moved < 0 ? axes.length : moved,
      lastAxisKept: axes.at(-1) === axes.length - 1 ? 1 : 0,
    };
  },
  channels: { by: 'unknown' },
  converts: true,
  int8: sharedScale,
  tflite: {
    name: 'TRANSPOSE',
    version: () => 2,
    constants: ({ axes }) => [constant([axes.length + 1], [0, ...axes.map((axis) => axis + 1)])],
    decode({ inputs: [input, order], isUnary }) {
      const [batch, ...others] = order?.integers ?? [];
      const axes = others.map((axis) => axis - 1);
      const keepsBatch = batch === 0 && isOrder(axes, (input?.shape.length ?? 0) - 1);
      return isUnary && keepsBatch ? { axes } : undefined;
    },
  },
  examples: ['transpose 2x0x1', 'transpose 1x0x2'],
});

const fromTheFirst = (begin: Shape): Shape => (begin.every((place) => place === 0) ? [] : begin);

const place = dims({
  name: 'begin',
  documentation: 'Where it starts along each axis.',
  least: 0,
  default: [],
  shownDefault: 'the first of every axis',
});
/** None stands for zeros, however many axes there are. */
const begin: Attribute<Shape> = { ...place, read: (value) => fromTheFirst(place.read(value)) };

/** A part of a tensor. */
const slice = operator({
  kind: 'slice',
  attributes: {
    begin,
    size: dims({ name: 'size', documentation: 'How much is taken along each axis.' }),
  },
  words: [
    {
      name: 'slice',
      documentation: 'Takes a part of the tensor: `slice begin 2x0x0 -> 4x8x16` (TFLite SLICE).',
      output: 'size',
      named: ['begin'],
      snippet: 'slice begin ${1:0x0x0} -> ${2:4x8x16}',
    },
  ],
  outputs({ begin: from, size }, inputs) {
    const input = inputOf(inputs);
    const { shape } = input;
    const most = shape.map((extent, axis) => extent - (from[axis] ?? 0));
    const isWithin =
      size.length === shape.length && size.every((extent, axis) => extent <= (most[axis] ?? 0));
    const isPlace = from.length === 0 || from.length === shape.length;
    if (!isPlace || most.some((extent) => extent < 1))
      outOfRange('begin of the slice', `a place in ${shape.join('x')}`, from.join('x'));
    if (!isWithin) outOfRange('size of the slice', `at most ${most.join('x')}`, size.join('x'));
    return single(size, input);
  },
  // Where it starts and its size are constants in the file, with the batch.
  counts: ({ size }) => ({ constants: 2, constantBytes: 8 * (size.length + 1) }),
  channels: { by: 'unknown' },
  converts: true,
  int8: sharedScale,
  tflite: {
    name: 'SLICE',
    version: () => 2,
    constants: ({ begin: from, size }) => [
      constant([size.length + 1], [0, ...size.map((_, axis) => from[axis] ?? 0)]),
      constant([size.length + 1], [1, ...size]),
    ],
    decode({ inputs: [input, start, extents], outputs: [output], isUnary }) {
      const [batch, ...from] = start?.integers ?? [];
      const isConstant = batch === 0 && extents?.integers !== undefined;
      const isPlace = from.length + 1 === input?.shape.length && from.every((at) => at >= 0);
      // A size of -1 in the file is whatever is left.
      return isUnary && isConstant && isPlace && output !== undefined && output.shape[0] === input.shape[0]
        ? { begin: fromTheFirst(from), size: output.shape.slice(1) }
        : undefined;
    },
  },
  examples: ['slice begin 2x1x0 -> 4x6x2', 'slice -> 3x8x4'],
});

/** Equal parts along an axis. */
const split = operator({
  kind: 'split',
  attributes: {
    parts: count({ name: 'parts', documentation: 'How many parts.' }),
    axis: axis({
      name: 'axis',
      documentation: 'Which extent is split, counted from 0.',
      default: -1,
      shownDefault: 'the channels',
    }),
  },
  words: [
    {
      name: 'split',
      documentation:
        'Parts the tensor equally along its channels and names the parts: `split(a, b)` (TFLite SPLIT).',
      tensors: { least: 2, most: 64 },
      counted: 'parts',
      named: ['axis'],
      snippet: 'split(${1:a}, ${2:b})',
    },
  ],
  outputs({ parts, axis: given }, inputs) {
    const { shape, dtype } = inputOf(inputs);
    const along = alongOf(given, shape.length);
    const extent = shape[along] ?? 0;
    if (extent % parts !== 0) outOfRange('extent that is split', `a multiple of ${parts}`, extent);
    const part = shape.map((each, at) => (at === along ? each / parts : each));
    return { outputs: Array.from({ length: parts }, () => ({ shape: part, dtype })), stridesPast: undefined };
  },
  // The axis is a constant in the file.
  counts: ({ parts, axis: along }, { outputShape }) => ({
    constants: 1,
    constantBytes: 4,
    outputs: parts,
    pieces: piecesAlong(along, outputShape, parts),
  }),
  channels: { by: 'unknown' },
  converts: true,
  int8: sharedScale,
  tflite: {
    name: 'SPLIT',
    version: () => 2,
    options: 35,
    encode: ({ parts }) => [int32Field(0, parts)],
    constants: ({ axis: given }, { inputs }) => [
      constant([], [withBatch(given, inputOf(inputs).shape.length)]),
    ],
    activationsAt: 1,
    decode({ options, inputs: [axes, input], outputs }) {
      const [given = 0, ...more] = axes?.integers ?? [];
      const found = withoutBatch(given, input?.shape.length ?? 0);
      const isPlain = more.length === 0 && input?.isConstant === false && options.int32(0) === outputs.length;
      // One part is the whole.
      if (!isPlain || outputs.length < 2 || found === undefined) return undefined;
      return { parts: outputs.length, axis: found };
    },
  },
  examples: ['split(p, q); sub(p, q)', 'split(p, q) axis 0; sub(p, q)'],
});

export const moves = [transpose, slice, split] as const;
