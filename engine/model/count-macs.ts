/**
 * How often an operator of a `.tflite` multiplies and accumulates, from the shapes in the file alone: for operators
 * that a {@link Network} cannot say, or not in this form.
 *
 * Source of what the inputs of each operator are: TensorFlow Lite's kernels (`tensorflow/lite/kernels`).
 */

import type { FileOptions } from '../operators/tflite.ts';
import { field } from './schema.ts';

/** The shapes as stored, batch first; `undefined` for an input that is left out. */
export interface FileShapes {
  readonly inputs: readonly (readonly number[] | undefined)[];
  readonly output: readonly number[];
  readonly options: FileOptions | undefined;
}

type Shape = readonly number[];

const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Elements over those of the last side: how many vectors a tensor is. */
const rows = (shape: Shape): number => shape.slice(0, -1).reduce((product, size) => product * size, 1);

/** Elements of the inputs from `from` to `to`, inclusive; those left out count for nothing. */
function between(inputs: FileShapes['inputs'], from: number, to = from): number {
  return inputs
    .slice(from, to + 1)
    .reduce((sum, shape) => sum + (shape === undefined ? 0 : elements(shape)), 0);
}

/** Each vector of the sequence meets every weight once; the same two matrices for input and state. */
const recurrent =
  (...weights: readonly (readonly [number, number?])[]) =>
  ({ inputs }: FileShapes): number | undefined => {
    const [input] = inputs;
    if (input === undefined) return undefined;
    return rows(input) * weights.reduce((sum, [from, to]) => sum + between(inputs, from, to), 0);
  };

const counters: Readonly<Record<string, (file: FileShapes) => number | undefined>> = {
  CONV_2D: ({ inputs: [, weights], output }) =>
    weights?.length === 4 ? elements(output) * elements(weights.slice(1)) : undefined,
  DEPTHWISE_CONV_2D: ({ inputs: [, weights], output }) =>
    weights?.length === 4 ? elements(output) * elements(weights.slice(1, 3)) : undefined,
  FULLY_CONNECTED: ({ inputs: [input, weights] }) => {
    const width = weights?.at(-1);
    if (input === undefined || weights === undefined || width === undefined || width < 1) return undefined;
    return (elements(input) / width) * elements(weights);
  },
  // Weights `[out, kh, kw, in]`: every element of the input meets each of them of its own channel.
  TRANSPOSE_CONV: ({ inputs: [, weights, input] }) =>
    weights?.length === 4 && input !== undefined
      ? elements(input) * elements(weights.slice(0, 3))
      : undefined,
  CONV_3D: ({ inputs: [, weights], output }) =>
    weights?.length === 5 ? elements(output) * elements(weights.slice(0, 4)) : undefined,
  CONV_3D_TRANSPOSE: ({ inputs: [, weights, input] }) =>
    weights?.length === 5 && input !== undefined
      ? elements(input) * elements(weights.slice(0, 4))
      : undefined,
  BATCH_MATMUL: ({ inputs: [left], output, options }) => {
    const common = left?.at(options?.bool(field.batchMatMul.adjointX) === true ? -2 : -1);
    return common === undefined ? undefined : elements(output) * common;
  },
  // Input, 4 + 4 matrices, 3 peepholes, 4 biases, the projection; or, of old, one matrix for all (five inputs).
  LSTM: (file) => {
    const isBasic = file.inputs.length === 5;
    return isBasic ? recurrent([2])(file) : recurrent([1, 11], [16])(file);
  },
  UNIDIRECTIONAL_SEQUENCE_LSTM: recurrent([1, 11], [16]),
  // The same twice, then two states each, and the matrices for a second input.
  BIDIRECTIONAL_SEQUENCE_LSTM: recurrent([1, 11], [16], [18, 28], [33], [40, 47]),
  RNN: recurrent([1, 2]),
  UNIDIRECTIONAL_SEQUENCE_RNN: recurrent([1, 2]),
  BIDIRECTIONAL_SEQUENCE_RNN: recurrent([1, 2], [5, 6], [10, 11]),
  SVDF: recurrent([1, 2]),
};

/** Builtin operators that do arithmetic of which the shapes do not say how much, or that run graphs. */
const uncounted: ReadonlySet<string> = new Set([
  'EMBEDDING_LOOKUP_SPARSE',
  'LSH_PROJECTION',
  'RFFT2D',
  'DELEGATE',
  'STABLEHLO_CONVOLUTION',
  'STABLEHLO_CUSTOM_CALL',
  'STABLEHLO_DOT_GENERAL',
  'STABLEHLO_COMPOSITE',
  'STABLEHLO_REDUCE',
  'STABLEHLO_REDUCE_WINDOW',
  'STABLEHLO_SCATTER',
  'STABLEHLO_WHILE',
  'STABLEHLO_CASE',
]);

/** Custom operators that are known to move, compare or select only. */
const movingCustom: ReadonlySet<string> = new Set([
  'TFLite_Detection_PostProcess',
  'SignalDelay',
  'SignalFramer',
  'SignalStacker',
]);

/**
 * `undefined` where the operator multiplies, or may, and nobody can say how often. What computes element by element,
 * reduces, compares or moves has no multiply-accumulates: 0.
 */
export function countMacs(name: string, isCustom: boolean, file: FileShapes): number | undefined {
  if (isCustom) return movingCustom.has(name) ? 0 : undefined;
  if (Object.hasOwn(counters, name)) return counters[name]?.(file);
  return uncounted.has(name) || name.startsWith('BUILTIN_') ? undefined : 0;
}
