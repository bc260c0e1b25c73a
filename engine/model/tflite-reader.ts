/**
 * Reads any `.tflite`: the network for pricing, and the numbers in it where it is an int8 model.
 * Never throws and never hangs, whatever the bytes are; what is wrong comes back as problems.
 */

import type { DType, Network, Op, Tensor } from '../space/network.ts';
import type { Int8Parameters, QuantizationParameters, QuantizedNetwork } from '../space/trained.ts';
import { decodeOp, longestSide } from './decode-op.ts';
import type { FileTensor } from './decode-op.ts';
import { FlatTable, MalformedFile } from './flatbuffer-reader.ts';
import { field, fileIdentifier, operatorName, schemaVersion, tensorType } from './schema.ts';

export interface TfliteProblem {
  readonly severity: 'error' | 'warning';
  /** A full sentence. */
  readonly message: string;
}

export interface TfliteModel {
  /** Absent when there is an error among the problems. */
  readonly network: Network | undefined;
  /** Present when every operator with weights is int8 and every activation tensor is quantised. */
  readonly quantized: QuantizedNetwork | undefined;
  readonly problems: readonly TfliteProblem[];
  /** The converter's description of the model. */
  readonly description: string;
  readonly fileBytes: number;
}

/** More than this is no tensor of an embedded model; it bounds the work on a damaged file. */
const maxRank = 8;
const maxTensors = 100_000;

/** Number formats that a {@link Tensor} can say, and the nearest by size for those that it cannot. */
const dtypes: ReadonlyMap<number, { dtype: DType; exact: boolean; name: string }> = new Map([
  [tensorType.int8, { dtype: 'int8', exact: true, name: 'int8' }],
  [tensorType.uint8, { dtype: 'uint8', exact: true, name: 'uint8' }],
  [tensorType.int16, { dtype: 'int16', exact: true, name: 'int16' }],
  [tensorType.int32, { dtype: 'int32', exact: true, name: 'int32' }],
  [tensorType.float32, { dtype: 'float32', exact: true, name: 'float32' }],
  [tensorType.float16, { dtype: 'int16', exact: false, name: 'float16' }],
  [tensorType.bool, { dtype: 'uint8', exact: false, name: 'bool' }],
]);

interface ReadTensor extends FileTensor {
  readonly name: string;
  readonly quantization: QuantizationParameters | undefined;
}

/** `file` is the path or URI that problems and source references name. */
export function readTflite(bytes: Uint8Array, file: string): TfliteModel {
  const problems: TfliteProblem[] = [];
  const nothing = { network: undefined, quantized: undefined, description: '', fileBytes: bytes.length };
  try {
    return { ...readModel(bytes, file, problems), problems };
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error;
    problems.push({ severity: 'error', message: error.message });
    return { ...nothing, problems };
  }
}

function readModel(
  bytes: Uint8Array,
  file: string,
  problems: TfliteProblem[],
): Omit<TfliteModel, 'problems'> {
  const model = FlatTable.root(bytes, fileIdentifier);
  const version = model.int32(field.model.version);
  if (version !== schemaVersion) {
    throw new MalformedFile(
      `The model has schema version ${version}; Nasturtium reads version ${schemaVersion}.`,
    );
  }
  const subgraphs = model.tables(field.model.subgraphs);
  const [subgraph] = subgraphs;
  if (subgraph === undefined) throw new MalformedFile('The model holds no graph.');
  if (subgraphs.length > 1) {
    problems.push({
      severity: 'warning',
      message: `The model holds ${subgraphs.length} graphs; only the first is read.`,
    });
  }
  const tensors = readTensors(model, subgraph, bytes);
  const { ops, extraOutputs } = readOps(model, subgraph, tensors, file, problems);
  const tensorOf = new Map(tensors.map((tensor) => [tensor.index, tensor]));

  const used = new Set<number>(extraOutputs);
  for (const op of ops) for (const id of [...op.inputs, op.output]) used.add(id);
  const ends = (id: number) => [...subgraph.int32s(id)].filter((index) => tensorOf.has(index));
  const inputs = ends(field.subgraph.inputs);
  const outputs = ends(field.subgraph.outputs);
  for (const id of [...inputs, ...outputs]) used.add(id);

  const network: Network = {
    name: subgraph.string(field.subgraph.name) || 'main',
    tensors: tensors
      .filter(({ index }) => used.has(index))
      .map((tensor) => activationTensor(tensor, problems)),
    inputs,
    outputs,
    ops,
  };
  return {
    network,
    quantized: quantizedNetwork(network, subgraph, tensorOf),
    description: model.string(field.model.description),
    fileBytes: bytes.length,
  };
}

function readTensors(model: FlatTable, subgraph: FlatTable, bytes: Uint8Array): ReadTensor[] {
  const buffers = model.tables(field.model.buffers);
  const tables = subgraph.tables(field.subgraph.tensors);
  if (tables.length > maxTensors)
    throw new MalformedFile(`The model claims to have ${tables.length} tensors.`);
  return tables.map((table, index) => {
    const bufferIndex = table.int32(field.tensor.buffer);
    const buffer = buffers[bufferIndex];
    if (buffer === undefined) {
      throw new MalformedFile(`Tensor ${index} refers to buffer ${bufferIndex}, which does not exist.`);
    }
    const shape = table.int32s(field.tensor.shape);
    if (shape.length > maxRank || shape.some((size) => size < 1 || size > longestSide)) {
      throw new MalformedFile(
        `Tensor ${index} has the shape [${shape.slice(0, maxRank).join(', ')}]. Convert the model with a fixed and sensible input shape.`,
      );
    }
    return {
      index,
      shape: [...shape],
      type: table.int8(field.tensor.type),
      data: bufferData(buffer, bytes),
      name: table.string(field.tensor.name),
      quantization: readQuantization(table.table(field.tensor.quantization)),
    };
  });
}

/** In the table, or (schema 3c) behind the FlatBuffer at an offset from the start of the file. */
function bufferData(buffer: FlatTable, bytes: Uint8Array): Uint8Array {
  const start = buffer.uint64(field.buffer.offset);
  if (start <= 1) return buffer.bytes(field.buffer.data);
  const end = start + buffer.uint64(field.buffer.size);
  if (end > bytes.length) {
    throw new MalformedFile('The file is cut off: a constant lies behind its end.');
  }
  return bytes.subarray(start, end);
}

function readQuantization(table: FlatTable | undefined): QuantizationParameters | undefined {
  const scale = table?.float32s(field.quantization.scale);
  if (table === undefined || scale === undefined || scale.length === 0) return undefined;
  const zeroPoints = table.int64s(field.quantization.zeroPoint);
  return { scale, zeroPoint: Int32Array.from(scale, (_, index) => zeroPoints[index] ?? zeroPoints[0] ?? 0) };
}

function readOps(
  model: FlatTable,
  subgraph: FlatTable,
  tensors: readonly ReadTensor[],
  file: string,
  problems: TfliteProblem[],
): { readonly ops: readonly Op[]; readonly extraOutputs: readonly number[] } {
  const codes = model.tables(field.model.operatorCodes).map((code) => ({
    // The wider field is the true one when it is set; older files have the one-byte field only.
    code: Math.max(
      code.int8(field.operatorCode.deprecatedBuiltinCode),
      code.int32(field.operatorCode.builtinCode),
    ),
    custom: code.string(field.operatorCode.customCode),
  }));
  const tensorAt = (index: number, op: number): ReadTensor => {
    const tensor = tensors[index];
    if (tensor === undefined) {
      throw new MalformedFile(`Operator ${op} refers to tensor ${index}, which does not exist.`);
    }
    return tensor;
  };
  const names = new Set<string>();
  const extraOutputs: number[] = [];
  const ops = subgraph.tables(field.subgraph.operators).map((table, index): Op => {
    const opcode = codes[table.int32(field.operator.opcodeIndex)];
    if (opcode === undefined) throw new MalformedFile(`Operator ${index} has no operator code.`);
    const inputs = [...table.int32s(field.operator.inputs)].map((id) =>
      id < 0 ? undefined : tensorAt(id, index),
    );
    const outputs = [...table.int32s(field.operator.outputs)].map((id) => tensorAt(id, index));
    const [output] = outputs;
    if (output === undefined) throw new MalformedFile(`Operator ${index} has no output.`);
    extraOutputs.push(...outputs.slice(1).map((tensor) => tensor.index));
    const kind = opcode.custom || operatorName(opcode.code);
    const name = uniqueName(output.name || `${kind.toLowerCase()}.${index}`, names);
    const op = decodeOp({
      index,
      name,
      code: opcode.code,
      source: { file, line: 0, start: 0, end: 0 },
      options: table.table(field.operator.options),
      inputs,
      outputs,
      activations: inputs.flatMap((tensor) =>
        tensor !== undefined && tensor.data.length === 0 ? [tensor.index] : [],
      ),
    });
    if (op.kind !== 'other') return op;
    problems.push({
      severity: 'warning',
      message: `"${name}" is a ${kind}, which is priced by the bytes it moves.`,
    });
    return { ...op, tfliteName: kind };
  });
  return { ops, extraOutputs };
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 1; taken.has(name); count++) name = `${wanted}.${count}`;
  taken.add(name);
  return name;
}

/** Without the batch: `[1, h, w, c]` is `[h, w, c]`. A batch of more than one stays, as do scalars of one. */
function activationTensor(tensor: ReadTensor, problems: TfliteProblem[]): Tensor {
  const format = dtypes.get(tensor.type);
  if (format?.exact !== true) {
    const name = format?.name ?? `type ${tensor.type}`;
    problems.push({
      severity: 'warning',
      message: `Tensor ${tensor.index} holds ${name} numbers, for which no cost is known; its size is counted as ${format?.dtype ?? 'int32'}.`,
    });
  }
  const [batch, ...rest] = tensor.shape;
  const shape = batch === 1 && rest.length > 0 ? rest : tensor.shape.length === 0 ? [1] : tensor.shape;
  return { id: tensor.index, shape, dtype: format?.dtype ?? 'int32' };
}

function quantizedNetwork(
  network: Network,
  subgraph: FlatTable,
  tensors: ReadonlyMap<number, ReadTensor>,
): QuantizedNetwork | undefined {
  const activations = new Map<number, QuantizationParameters>();
  for (const tensor of network.tensors) {
    const quantization = tensors.get(tensor.id)?.quantization;
    if (quantization === undefined || quantization.scale.length !== 1) return undefined;
    activations.set(tensor.id, quantization);
  }
  const parameters = new Map<number, Int8Parameters>();
  const operators = subgraph.tables(field.subgraph.operators);
  for (const op of network.ops) {
    if (op.kind === 'other') return undefined;
    if (op.kind !== 'conv_2d' && op.kind !== 'depthwise_conv_2d' && op.kind !== 'fully_connected') continue;
    const inputs = operators[op.index]?.int32s(field.operator.inputs) ?? [];
    const found = int8Parameters(tensors.get(inputs[1] ?? -1), tensors.get(inputs[2] ?? -1));
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
    weights: Int8Array.from(weights.data, (byte) => (byte << 24) >> 24),
    weightShape: weights.shape,
    weightQuantization: weights.quantization,
    bias: Int32Array.from({ length: data.length / 4 }, (_, index) => view.getInt32(4 * index, true)),
  };
}
