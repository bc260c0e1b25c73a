/** The numbers of an int8 model, for who exports it or runs it. */

import { rowOf } from '../operators/catalogue.ts';
import type { Network } from '../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../space/trained.ts';
import type { FlatTable } from './flatbuffer-reader.ts';
import type { ReadTensor } from './read-tensors.ts';
import { field, tensorType } from './schema.ts';

/** `undefined` unless every operator with weights is int8 and every activation tensor is quantised. */
export function quantizedNetwork(
  network: Network,
  subgraph: FlatTable,
  tensors: readonly ReadTensor[],
): QuantizedNetwork | undefined {
  const activations = new Map<number, QuantizationParameters>();
  for (const tensor of network.tensors) {
    const quantization = tensors[tensor.id]?.quantization;
    if (quantization === undefined || quantization.scale.length !== 1) return undefined;
    activations.set(tensor.id, quantization);
  }
  const parameters = new Map<number, Int8Parameters>();
  const operators = subgraph.tables(field.subgraph.operators);
  for (const op of network.ops) {
    const row = rowOf(op.kind);
    if (row.untrainable(op) !== undefined) return undefined;
    if (row.weights === undefined) continue;
    const inputs = operators[op.index]?.int32s(field.operator.inputs) ?? [];
    // Weights, then the bias, whatever stands before them or between.
    const others = [...inputs].filter((id) => !op.inputs.includes(id)).map((id) => tensors[id]);
    const at = others.findIndex((tensor) => tensor?.type === tensorType.int8);
    const found = int8Parameters(others[at], others[at + 1]);
    if (found === undefined) return undefined;
    parameters.set(op.index, found);
  }
  return { network, activations, parameters };
}

function int8Parameters(
  weights: ReadTensor | undefined,
  bias: ReadTensor | undefined,
): Int8Parameters | undefined {
  if (weights?.quantization === undefined || weights.type !== tensorType.int8) return undefined;
  if (weights.data.length !== weights.shape.reduce((product, size) => product * size, 1)) return undefined;
  if (bias !== undefined && (bias.type !== tensorType.int32 || bias.data.length % 4 !== 0)) return undefined;
  const data = bias?.data ?? new Uint8Array();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return {
    // A copy of the same bytes, read as signed.
    weights: new Int8Array(Uint8Array.from(weights.data).buffer),
    weightShape: weights.shape,
    weightQuantization: weights.quantization,
    bias: Int32Array.from({ length: data.length / 4 }, (_, index) => view.getInt32(4 * index, true)),
  };
}
