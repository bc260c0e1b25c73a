/** Writes a `.tflite` from a plain description, valid or not: what our exporter never writes, readers must read. */

import { type Fields, FlatbufferWriter, int32, int8, offset } from '../flatbuffer-writer.ts';
import {
  field,
  fileIdentifier,
  operatorCode,
  placeholderForGreaterCodes,
  schemaVersion,
  tensorType,
} from '../schema.ts';

export interface AnyTensor {
  /** With the batch. */
  readonly shape: readonly number[];
  readonly type: keyof typeof tensorType;
  readonly name?: string;
  /** Bytes of a constant. */
  readonly data?: Uint8Array;
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly number[];
  /** It lives from one inference to the next. */
  readonly variable?: true;
  /** It is a constant in another file. */
  readonly elsewhere?: true;
}

export interface AnyOperator {
  /** Name in the schema, or its code there after `#`; anything else is a custom operator. */
  readonly kind: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly optionsType?: number;
  readonly options?: Fields;
}

export interface AnyGraph {
  readonly name: string;
  readonly tensors: readonly AnyTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly AnyOperator[];
}

export function writeAnyModel(graphs: readonly AnyGraph[]): Uint8Array {
  const out = new FlatbufferWriter();
  const buffers = [out.table([])];
  const kinds: string[] = [];
  const codeOf = (kind: string) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.push(kind) - 1);
  const subgraphs = graphs.map((graph) => {
    const tensors = graph.tensors.map((tensor) => {
      const { data, scale } = tensor;
      const buffer =
        data === undefined ? 0 : buffers.push(out.table([[field.buffer.data, offset(out.data(data))]])) - 1;
      return out.table([
        [field.tensor.shape, offset(out.vector('int32', tensor.shape))],
        [field.tensor.type, int8(tensorType[tensor.type])],
        [field.tensor.buffer, int32(buffer)],
        ...(tensor.variable === undefined ? [] : [[field.tensor.isVariable, int8(1)] as const]),
        ...(tensor.elsewhere === undefined ? [] : [[field.tensor.externalBuffer, int32(1)] as const]),
        ...(tensor.name === undefined ? [] : [[field.tensor.name, offset(out.string(tensor.name))] as const]),
        ...(scale === undefined
          ? []
          : [[field.tensor.quantization, offset(quantization(out, scale, tensor.zeroPoint))] as const]),
      ]);
    });
    const operators = graph.operators.map(({ kind, inputs, outputs, optionsType, options }) =>
      out.table([
        [field.operator.opcodeIndex, int32(codeOf(kind))],
        [field.operator.inputs, offset(out.vector('int32', inputs))],
        [field.operator.outputs, offset(out.vector('int32', outputs))],
        ...(options === undefined
          ? []
          : ([
              [field.operator.optionsType, int8(optionsType ?? 1)],
              [field.operator.options, offset(out.table(options))],
            ] as const)),
      ]),
    );
    return out.table([
      [field.subgraph.tensors, offset(out.offsets(tensors))],
      [field.subgraph.inputs, offset(out.vector('int32', graph.inputs))],
      [field.subgraph.outputs, offset(out.vector('int32', graph.outputs))],
      [field.subgraph.operators, offset(out.offsets(operators))],
      [field.subgraph.name, offset(out.string(graph.name))],
    ]);
  });
  const codes = kinds.map((kind) => writeCode(out, kind));
  const model = out.table([
    [field.model.version, int32(schemaVersion)],
    [field.model.operatorCodes, offset(out.offsets(codes))],
    [field.model.subgraphs, offset(out.offsets(subgraphs))],
    [field.model.buffers, offset(out.offsets(buffers))],
  ]);
  return out.finish(model, fileIdentifier);
}

function quantization(
  out: FlatbufferWriter,
  scale: readonly number[],
  zeroPoint?: readonly number[],
): number {
  return out.table([
    [field.quantization.scale, offset(out.vector('float32', scale))],
    [field.quantization.zeroPoint, offset(out.vector('int64', zeroPoint ?? scale.map(() => 0)))],
  ]);
}

function writeCode(out: FlatbufferWriter, kind: string): number {
  let code: number;
  try {
    code = kind.startsWith('#') ? Number(kind.slice(1)) : operatorCode(kind);
  } catch {
    const custom = out.string(kind);
    const builtin = operatorCode('CUSTOM');
    return out.table([
      [field.operatorCode.deprecatedBuiltinCode, int8(builtin)],
      [field.operatorCode.customCode, offset(custom)],
      [field.operatorCode.builtinCode, int32(builtin)],
    ]);
  }
  return out.table([
    [field.operatorCode.deprecatedBuiltinCode, int8(Math.min(code, placeholderForGreaterCodes))],
    [field.operatorCode.builtinCode, int32(code)],
  ]);
}
