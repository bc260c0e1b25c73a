/** The tensors of a graph in a `.tflite`: shape, number format, quantisation and, for constants, the numbers. */

import { bytesPerElement, MOST_ELEMENTS, type Tensor } from '../space/network.ts';
import type { QuantizationParameters } from '../space/trained.ts';
import { type FileTensor, longestSide } from './decode-op.ts';
import { type FlatTable, MalformedFile, type Place } from './flatbuffer-reader.ts';
import { placesOfTensor } from './file-bytes.ts';
import { formatOf } from './number-format.ts';
import { field } from './schema.ts';

/** More than this is no tensor of an embedded model; it bounds the work on a damaged file. */
const maxRank = 8;
const maxTensors = 100_000;

export interface ReadTensor extends FileTensor {
  readonly name: string;
  readonly quantization: QuantizationParameters | undefined;
  /** Where in the file its quantisation and, for a constant, its numbers stand. */
  readonly places: readonly Place[];
}

/** Throws a {@link MalformedFile}. `buffers` are the model's, `bytes` the whole file. */
export function readTensors(
  subgraph: FlatTable,
  buffers: readonly FlatTable[],
  bytes: Uint8Array,
): ReadTensor[] {
  const tables = subgraph.tables(field.subgraph.tensors);
  if (tables.length > maxTensors)
    throw new MalformedFile(`The model claims to have ${tables.length} tensors.`);
  return tables.map((table, index) => {
    const bufferIndex = table.int32(field.tensor.buffer);
    const buffer = buffers[bufferIndex];
    // The first stands for no data, in a file without any buffers as well.
    if (buffer === undefined && bufferIndex !== 0) {
      throw new MalformedFile(`Tensor ${index} refers to buffer ${bufferIndex}, which does not exist.`);
    }
    const data = buffer === undefined ? new Uint8Array() : bufferData(buffer, bytes);
    return {
      index,
      shape: readShape(table, index),
      type: table.int8(field.tensor.type),
      data,
      isElsewhere: table.int32(field.tensor.externalBuffer) !== 0,
      isVariable: table.bool(field.tensor.isVariable),
      name: table.string(field.tensor.name),
      quantization: readQuantization(table.table(field.tensor.quantization)),
      places: placesOfTensor(table, data, bytes),
    };
  });
}

function readShape(table: FlatTable, index: number): readonly number[] {
  const shape = table.int32s(field.tensor.shape);
  const elements = shape.reduce((product, size) => product * size, 1);
  const plausible =
    shape.length <= maxRank &&
    shape.every((size) => size >= 0 && size <= longestSide) &&
    elements <= MOST_ELEMENTS;
  if (!plausible) {
    throw new MalformedFile(
      `Tensor ${index} has the shape [${shape.slice(0, maxRank).join(', ')}].`,
      'Convert the model with a fixed and sensible input shape.',
    );
  }
  return [...shape];
}

/** In the table, or (schema 3c) behind the FlatBuffer at an offset from the start of the file. */
function bufferData(buffer: FlatTable, bytes: Uint8Array): Uint8Array {
  const start = buffer.uint64(field.buffer.offset);
  if (start <= 1) return buffer.bytes(field.buffer.data);
  const end = start + buffer.uint64(field.buffer.size);
  if (end > bytes.length) {
    throw new MalformedFile(
      `The file is cut off: a constant ends at byte ${end}, and it has ${bytes.length} bytes.`,
    );
  }
  return bytes.subarray(start, end);
}

function readQuantization(table: FlatTable | undefined): QuantizationParameters | undefined {
  const scale = table?.float32s(field.quantization.scale);
  if (table === undefined || scale === undefined || scale.length === 0) return undefined;
  const zeroPoints = table.int64s(field.quantization.zeroPoint);
  return { scale, zeroPoint: Int32Array.from(scale, (_, index) => zeroPoints[index] ?? zeroPoints[0] ?? 0) };
}

/**
 * Without the batch: `[1, h, w, c]` is `[h, w, c]`. A batch of more than one stays, as do scalars of one; a tensor that
 * holds nothing is `[0]`.
 */
export function activationTensor(tensor: FileTensor): Tensor {
  const [batch, ...rest] = tensor.shape;
  const plain = batch === 1 && rest.length > 0 ? rest : tensor.shape.length === 0 ? [1] : tensor.shape;
  return {
    id: tensor.index,
    shape: tensor.shape.includes(0) ? [0] : plain,
    dtype: formatOf(tensor.type).dtype,
  };
}

export function tensorBytes(tensor: FileTensor): number {
  const { shape, dtype } = activationTensor(tensor);
  return shape.reduce((product, size) => product * size, bytesPerElement[dtype]);
}
