/** Operators that join tensors. */

import { number } from './attribute.ts';
import { alongOf, axis, piecesAlong, withBatch, withoutBatch } from './axis.ts';
import { joinedShape } from './broadcast.ts';
import { Misfit } from './misfit.ts';
import { inputOf, int8Rule, operator, sharedScale, single } from './operator.ts';
import type { Int8Rule } from './operator.ts';
import type { TensorSpec } from './tensors.ts';
import { activationCodes, fusedActivationOf, int32Field, int8Field, scalar } from './tflite.ts';
import { activation } from './weighted.ts';

/** A product whose multiplier is not below one needs kernels that rescale upwards. */
export const versionOf = (name: string, scaleRatio: number): number =>
  name === 'MUL' && scaleRatio >= 1 ? 3 : 2;
export const sinceOf = (name: string): Readonly<Record<number, string>> =>
  name === 'MUL' ? { 3: '1.15.0' } : {};

/** Elementwise on two tensors whose shapes fit: see `broadcast.ts`. */
const elementwise = <const K extends 'add' | 'sub' | 'mul'>(
  kind: K,
  own: {
    readonly documentation: string;
    /** Tensors that one statement joins. */
    readonly most?: number;
    readonly options: number;
    readonly int8: Int8Rule;
    readonly examples: readonly string[];
  },
) =>
  operator({
    kind,
    attributes: { activation },
    words: [
      {
        name: kind,
        documentation: own.documentation,
        tensors: { least: 1, most: own.most ?? 2 },
        snippet: `${kind}(\${1:a}, \${2:b})`,
      },
    ],
    outputs(_, [left, right]) {
      if (left === undefined || right === undefined) throw new Misfit('unknown', undefined);
      const shape = joinedShape(left.shape, right.shape);
      const reason = 'they must have the same shape, or one of them one value per channel or per pixel';
      if (shape === undefined) throw new Misfit('mismatch', { left: left.shape, right: right.shape, reason });
      return single(shape, left);
    },
    joins: 'broadcast',
    channelwise: true,
    int8: own.int8,
    tflite: {
      name: kind.toUpperCase(),
      version: (_, { scaleRatio }) => versionOf(kind.toUpperCase(), scaleRatio),
      since: sinceOf(kind.toUpperCase()),
      options: own.options,
      encode: (a) => [int8Field(0, activationCodes[a.activation])],
      decode({ options, inputs, isJoin }) {
        const fused = fusedActivationOf(options, 0);
        return isJoin && inputs.length === 2 && fused !== undefined ? { activation: fused } : undefined;
      },
    },
    examples: [`${kind}(a, b)`, `${kind}(a, b), relu`, ...own.examples],
  });

/** QuantizeMultiplierSmallerThanOneExp of 2 max(inputs) / (2^20 output) (kernels/add.cc, left_shift 20). */
export const ofSum = (inputs: readonly number[]) => [
  { of: 'output' as const, least: Math.max(0, ...inputs) * 2 ** -19 },
];

const summing = int8Rule({ leastScales: ofSum });

/** The same with one number of the row in place of the second tensor. */
const byScalar = <const K extends 'add_scalar' | 'mul_scalar'>(
  kind: K,
  name: 'ADD' | 'MUL',
  options: number,
  int8: Int8Rule<{ readonly value: number }>,
) =>
  operator({
    kind,
    attributes: {
      value: number({ name: 'value', documentation: 'The number that every value meets.' }),
      activation,
    },
    outputs: (_, inputs) => single(inputOf(inputs).shape, inputOf(inputs)),
    counts: () => ({ constants: 1, constantBytes: 1 }),
    channelwise: true,
    int8,
    tflite: {
      name,
      version: ({ value }, { scaleRatio }) => versionOf(name, scaleRatio * scalar(value).scale),
      since: sinceOf(name),
      options,
      encode: (a) => [int8Field(0, activationCodes[a.activation])],
      constants: ({ value }) => [scalar(value)],
      decode({ options: fields, inputs: [input, operand], outputs: [output], isUnary }) {
        const fused = fusedActivationOf(fields, 0);
        const isSame = input !== undefined && input.shape.join() === output?.shape.join();
        const value = operand?.shape.length === 0 ? operand.real : undefined;
        return isUnary && isSame && value !== undefined && fused !== undefined
          ? { value, activation: fused }
          : undefined;
      },
    },
    examples: ['hard_sigmoid; tanh'],
  });

export const addScalar = byScalar(
  'add_scalar',
  'ADD',
  11,
  int8Rule({
    leastScales: (inputs, _output, _weights, { value }) => ofSum([...inputs, scalar(value).scale]),
  }),
);
export const mulScalar = byScalar('mul_scalar', 'MUL', 21, int8Rule({}));

export const add = elementwise('add', {
  documentation:
    'Adds tensors of one shape, or one value per channel or per pixel: `add(a, b, c)`, or `add(a)` to join `a` to the current tensor.',
  most: 64,
  options: 11,
  int8: summing,
  examples: ['add(a, b, a), relu', 'gap from a as v; add(v, b)'],
});
const sub = elementwise('sub', {
  documentation: 'Subtracts the second tensor from the first: `sub(a, b)`, or `sub(a)` from what arrives.',
  options: 28,
  int8: summing,
  examples: ['conv 1x1 -> 1 from a as v; sub(v, b)'],
});
export const mul = elementwise('mul', {
  documentation:
    'Multiplies elementwise; one of the tensors may have one value per channel (squeeze and excite) or per pixel (spatial attention).',
  options: 21,
  int8: int8Rule({}),
  examples: ['gap from a as v; mul(b, v)', 'conv 1x1 -> 1 from a as v; mul(b, v)'],
});

const concatenation = operator({
  kind: 'concatenation',
  attributes: {
    axis: axis({
      name: 'axis',
      documentation: 'Which extent grows, counted from 0; for lists of boxes and scores.',
      default: -1,
      shownDefault: 'the channels',
    }),
  },
  words: [
    {
      name: 'concat',
      documentation:
        'Joins tensors along their channels: `concat(a, b)`, or `concat(a)` to append `a` to what arrives.',
      tensors: { least: 1, most: 64 },
      named: ['axis'],
      snippet: 'concat(${1:a}, ${2:b})',
    },
  ],
  outputs({ axis: given }, inputs) {
    const first = inputOf(inputs);
    const along = alongOf(given, first.shape.length);
    const without = ({ shape }: TensorSpec): string =>
      shape.map((extent, at) => (at === along ? '*' : extent)).join('x');
    let joined = first.shape[along] ?? 0;
    for (const other of inputs.slice(1)) {
      if (without(other) !== without(first)) {
        const what =
          along === first.shape.length - 1
            ? 'all but the channels must be equal'
            : `all but extent ${along} must be equal`;
        throw new Misfit('mismatch', { left: first.shape, right: other.shape, reason: what });
      }
      joined += other.shape[along] ?? 0;
    }
    return single(
      first.shape.map((extent, at) => (at === along ? joined : extent)),
      first,
    );
  },
  counts: ({ axis: along }, { outputShape, operands }) => ({
    pieces: piecesAlong(along, outputShape, operands),
  }),
  channels: { by: 'sum' },
  joins: 'append',
  int8: sharedScale,
  tflite: {
    name: 'CONCATENATION',
    version: () => 2,
    options: 10,
    encode: ({ axis: given }, { outputs }) => [
      int32Field(0, withBatch(given, inputOf(outputs).shape.length)),
    ],
    decode({ options, outputs: [output], isJoin }) {
      const found = withoutBatch(options.int32(0), output?.shape.length ?? 0);
      return isJoin && found !== undefined && fusedActivationOf(options, 1) === 'none'
        ? { axis: found }
        : undefined;
    },
  },
  examples: ['concat(a, b)', 'concat(a, b) axis 0', 'concat(a, b, a) axis 1'],
});

export const joins = [add, sub, mul, addScalar, mulScalar, concatenation] as const;
