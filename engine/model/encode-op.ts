/** How each operator of a network stands in a `.tflite`: what its row says, as fields of a FlatBuffer. */

import { operatorKinds, rowOf, tfliteNameOf } from '../operators/catalogue.ts';
import type { TensorSpec } from '../operators/tensors.ts';
import type { ConstantInput, OptionField } from '../operators/tflite.ts';
import { counted } from '../space/index.ts';
import type { Op } from '../space/network.ts';
import { bool, type Fields, float32, int32, int8 } from './flatbuffer-writer.ts';

/** A network that cannot be written as an int8 `.tflite`. `message` says which operator and what to do. */
export class UnsupportedModel extends Error {
  override readonly name = 'UnsupportedModel';
}

export interface EncodedOp {
  /** Name in the schema's BuiltinOperator. */
  readonly builtin: string;
  readonly version: number;
  readonly optionsType: number;
  readonly options: Fields;
  readonly constants: readonly ConstantInput[];
  /** How many of the other inputs stand before the activations. */
  readonly activationsAt: number;
}

function written({ field, type, value, schemaDefault }: OptionField): Fields[number] {
  if (type === 'bool') return [field, bool(value === 1)];
  if (type === 'float32') return [field, float32(value)];
  return [field, type === 'int8' ? int8(value) : int32(value, schemaDefault)];
}

/**
 * Shapes without the batch, as in the network. `scaleRatio` is the product of the input scales over the output scale.
 * Throws an {@link UnsupportedModel}.
 */
export function encodeOp(
  op: Op,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  scaleRatio: number,
): EncodedOp {
  // The int8 kernels of TFLite and TFLite Micro know no fused tanh, although the schema does.
  if ('activation' in op && op.activation === 'tanh') {
    throw new UnsupportedModel(
      `The int8 kernels cannot fuse tanh into "${op.name}". Write tanh as a layer of its own, or use relu.`,
    );
  }
  const { tflite } = rowOf(op.kind);
  if (tflite === undefined) {
    throw new UnsupportedModel(
      `"${op.name}" (${tfliteNameOf(op) ?? op.kind}, ${counted(inputs.length, 'input')}) has no int8 form ` +
        'that can be exported. Remove the layer or choose another operator.',
    );
  }
  const encoding = { inputs, outputs, scaleRatio };
  return {
    builtin: tflite.name,
    version: tflite.version(op, encoding),
    optionsType: tflite.options,
    options: tflite.encode(op, encoding).map(written),
    constants: tflite.constants(op, encoding),
    activationsAt: tflite.activationsAt,
  };
}

/** The oldest TFLite runtime that knows an operator in a version: `NAME version` to `major.minor.patch`. */
const newerThan114: ReadonlyMap<string, string> = new Map(
  operatorKinds.flatMap((kind) => {
    const { tflite } = rowOf(kind);
    return Object.entries(tflite?.since ?? {}).map(
      ([version, release]) => [`${tflite?.name ?? ''} ${version}`, release] as const,
    );
  }),
);

/** `operators` as `NAME version`; the result as `major.minor.patch`. */
export function minimumRuntimeVersion(operators: Iterable<string>): string {
  const rank = (version: string) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  let newest = '1.14.0';
  for (const operator of operators) {
    const needed = newerThan114.get(operator);
    if (needed !== undefined && rank(needed) > rank(newest)) newest = needed;
  }
  return newest;
}
