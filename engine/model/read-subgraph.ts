/** One graph of a `.tflite`: its network, and what a network cannot say about its operators. */

import { kindOfTflite, rowOf } from '../operators/catalogue.ts';
import { type Network, type Op, outputsOf } from '../space/network.ts';
import { statesOf } from '../space/states.ts';
import { decodeOp, type FileTensor, isActivation, isConstant } from './decode-op.ts';
import type { FileBytes } from './file-bytes.ts';
import { type FlatTable, MalformedFile } from './flatbuffer-reader.ts';
import { formatOf } from './number-format.ts';
import { activationTensor, type ReadTensor, readTensors, tensorBytes } from './read-tensors.ts';
import { field, operatorName, tensorType } from './schema.ts';
import { findZeroChannels, type ZeroChannels } from './zero-channels.ts';

/** What the file says of an operator beside the network. */
export interface OperatorFacts {
  /** Name in the schema, e.g. `CONV_2D`, or of a custom operator. */
  readonly builtin: string;
  /** Of what it works on and of its weights; `undefined` without weights. */
  readonly activationFormat: string;
  readonly weightFormat: string | undefined;
  /** Bytes of the file that are there for it: see {@link FileBytes}. */
  readonly fileBytes: number;
  /** For operators with weights whose numbers could be read. */
  readonly zeroChannels: ZeroChannels | undefined;
  /** Which output channels those are. */
  readonly zeroAt: readonly number[];
  /** Numbers of the graphs that it runs, for control flow. */
  readonly calls: readonly number[];
  /** Of an operator that reads or writes a resource variable: which, and how many bytes. */
  readonly variable: { readonly name: string; readonly bytes: number } | undefined;
}

export interface TfliteSubgraph {
  readonly index: number;
  readonly name: string;
  readonly network: Network;
  /** In step with the network's operators. */
  readonly facts: readonly OperatorFacts[];
  /** The network's tensors in number formats for which no cost is known, by the name of the format. */
  readonly oddFormats: ReadonlyMap<string, number>;
}

/** The input whose number format picks the kernel, where it is not the first: others are axes, shapes and conditions. */
const worksOnInput: Readonly<Record<string, number | undefined>> = {
  SPLIT: 1,
  TRANSPOSE_CONV: 2,
  CONV_3D_TRANSPOSE: 2,
  SELECT: 1,
  SELECT_V2: 1,
  FILL: 1,
  SCATTER_ND: 1,
  SPARSE_TO_DENSE: 2,
};

/** The input that holds the weights; under float activations they may be integers. */
const weightInput: Readonly<Record<string, number | undefined>> = {
  CONV_2D: 1,
  DEPTHWISE_CONV_2D: 1,
  FULLY_CONNECTED: 1,
  TRANSPOSE_CONV: 1,
  BATCH_MATMUL: 1,
  SVDF: 1,
  RNN: 1,
  UNIDIRECTIONAL_SEQUENCE_RNN: 1,
  LSTM: 2,
  UNIDIRECTIONAL_SEQUENCE_LSTM: 2,
  BIDIRECTIONAL_SEQUENCE_LSTM: 2,
};

/** Plans and prices are made for this many in a moment; no embedded model comes near. */
const maxOperators = 10_000;

export interface OperatorCode {
  readonly code: number;
  readonly custom: string;
}

/** What the graphs of a model share. */
export interface ModelParts {
  readonly bytes: Uint8Array;
  /** The path or URI that source references name. */
  readonly file: string;
  readonly buffers: readonly FlatTable[];
  readonly codes: readonly OperatorCode[];
  /** What the layers read so far have claimed of the file. */
  readonly claims: FileBytes;
}

export interface Reading {
  readonly subgraph: TfliteSubgraph;
  readonly tensors: readonly ReadTensor[];
}

/** Throws a {@link MalformedFile}. */
export function readSubgraph(parts: ModelParts, table: FlatTable, index: number): Reading {
  const tensors = readTensors(table, parts.buffers, parts.bytes);
  const { ops, facts } = readOps(parts, table, tensors);
  const ends = (id: number) => [...table.int32s(id)].filter((tensor) => tensors[tensor] !== undefined);
  const inputs = ends(field.subgraph.inputs);
  const outputs = ends(field.subgraph.outputs);
  const variables = tensors.filter(({ isVariable }) => isVariable);
  const used = new Set<number>([...inputs, ...outputs]);
  for (const op of ops) for (const id of [...op.inputs, ...outputsOf(op)]) used.add(id);
  const activations = [...tensors, ...ops.flatMap((op) => nothingPutOut(op, tensors.length))].filter(
    (tensor) => used.has(tensor.index),
  );

  const oddFormats = new Map<string, number>();
  for (const { type } of activations) {
    const { exact, name } = formatOf(type);
    if (!exact) oddFormats.set(name, (oddFormats.get(name) ?? 0) + 1);
  }
  const name = table.string(field.subgraph.name) || (index === 0 ? 'main' : `graph ${index}`);
  const specs = new Map(activations.map((tensor) => [tensor.index, activationTensor(tensor)]));
  const states = ops.flatMap((op) =>
    statesOf(
      op,
      op.inputs.flatMap((id) => specs.get(id) ?? []),
    ),
  );
  const known = new Set(states.map(({ tensor }) => tensor));
  // Of operators whose rows say nothing of states.
  const others = variables
    .filter((tensor) => !known.has(tensor.index))
    .map((tensor) => ({
      name: tensor.name || `variable ${tensor.index}`,
      tensor: tensor.index,
      bytes: tensorBytes(tensor),
    }));
  const kept = [...states, ...others];
  const computed = tensors.filter((tensor) => !tensor.isVariable && !isConstant(tensor));
  const network: Network = {
    name,
    tensors: [...specs.values()],
    inputs,
    outputs,
    ops,
    ...(kept.length === 0 ? {} : { kept }),
    listed: {
      tensors: tensors.length,
      activations: computed.filter(({ shape }) => !shape.includes(0)).length,
      empty: computed.filter(({ shape }) => shape.includes(0)).length,
    },
  };
  return { subgraph: { index, name, network, facts, oddFormats }, tensors };
}

function readOps(
  { codes, file, claims }: ModelParts,
  subgraph: FlatTable,
  tensors: readonly ReadTensor[],
): {
  readonly ops: readonly Op[];
  readonly facts: readonly OperatorFacts[];
} {
  const tensorAt = (index: number, op: number): ReadTensor => {
    const tensor = tensors[index];
    if (tensor === undefined) {
      throw new MalformedFile(`Operator ${op} refers to tensor ${index}, which does not exist.`);
    }
    return tensor;
  };
  const names = new Set<string>();
  const facts: OperatorFacts[] = [];
  /** By the tensor that stands for it. */
  const variables = new Map<number, string>();
  const tables = subgraph.tables(field.subgraph.operators);
  if (tables.length > maxOperators) {
    throw new MalformedFile(
      `A graph claims to have ${tables.length} operators; Nasturtium prices up to ${maxOperators}.`,
    );
  }
  const ops = tables.map((table, index): Op => {
    const opcode = codes[table.int32(field.operator.opcodeIndex)];
    if (opcode === undefined) throw new MalformedFile(`Operator ${index} has no operator code.`);
    const inputs = [...table.int32s(field.operator.inputs)].map((id) =>
      id < 0 ? undefined : tensorAt(id, index),
    );
    const outputs = [...table.int32s(field.operator.outputs)].flatMap((id) =>
      id < 0 ? [] : [tensorAt(id, index)],
    );
    const [output] = outputs;
    const isCustom = operatorName(opcode.code) === 'CUSTOM';
    const builtin = (isCustom && opcode.custom) || operatorName(opcode.code);
    const name = uniqueName(output?.name || `${builtin.toLowerCase()}.${index}`, names);
    const options = table.table(field.operator.options);
    if (builtin === 'VAR_HANDLE' && output !== undefined) variables.set(output.index, variableName(options));
    const worksOn =
      inputs[worksOnInput[builtin] ?? 0] ?? inputs.find((tensor) => tensor !== undefined) ?? output;
    const decoded = decodeOp({
      index,
      name,
      builtin,
      isCustom,
      source: { file, line: 0, start: 0, end: 0 },
      options,
      inputs,
      outputs: output === undefined ? [nothing(tensors.length + index)] : outputs,
      activations: inputs.flatMap((tensor) =>
        tensor !== undefined && isActivation(tensor) ? [tensor.index] : [],
      ),
    });
    const assumed = inputs.find((tensor) => tensor !== undefined && isActivation(tensor)) ?? output;
    const op = {
      ...withFormat(decoded, worksOn, assumed),
      ...unusual(decoded, inputs[weightInput[builtin] ?? -1], output),
    };
    const constants = inputs.filter((tensor): tensor is ReadTensor => (tensor?.data.length ?? 0) > 0);
    const fileBytes = claims.claim([...constants, ...outputs].flatMap(({ places }) => places));
    const variable = variables.get(inputs[0]?.index ?? -1);
    const value =
      builtin === 'ASSIGN_VARIABLE' ? inputs[1] : builtin === 'READ_VARIABLE' ? output : undefined;
    facts.push({
      ...factsOf(builtin, inputs, worksOn, fileBytes, callsOf(builtin, options)),
      variable:
        variable === undefined || value === undefined
          ? undefined
          : { name: variable, bytes: tensorBytes(value) },
    });
    return op;
  });
  return { ops, facts };
}

/** Stands for what an operator without an output puts out. */
function nothing(index: number): FileTensor {
  return {
    index,
    shape: [0],
    type: tensorType.int8,
    data: new Uint8Array(),
    isElsewhere: false,
    isVariable: false,
  };
}

const nothingPutOut = ({ output }: Op, tensors: number): FileTensor[] =>
  output < tensors ? [] : [nothing(output)];

/** Says the number format where an operator's first activation does not: `assumed` is what is taken without. */
function withFormat(op: Op, worksOn: ReadTensor | undefined, assumed: ReadTensor | undefined): Op {
  if (worksOn === undefined) return op;
  const { name } = formatOf(worksOn.type);
  return name === formatOf((assumed ?? worksOn).type).dtype ? op : { ...op, format: name };
}

/** Scales of the weights where the operator's row does not say them, and dimensions where the batch is not one. */
function unusual(
  { kind }: Op,
  weights: ReadTensor | undefined,
  output: ReadTensor | undefined,
): Pick<Op, 'scales' | 'dimensions'> {
  const scales = weights?.quantization?.scale.length ?? 0;
  const isSaid = scales < 2 || rowOf(kind).weights?.perChannel === true;
  const dimensions = output?.shape.length ?? 0;
  const isUsual = output === undefined || activationTensor(output).shape.length + 1 === dimensions;
  return { ...(!isSaid && { scales }), ...(!isUsual && { dimensions }) };
}

/** Of a resource variable: handles of the same name and container are one. */
function variableName(options: FlatTable | undefined): string {
  const container = options?.string(field.varHandle.container) ?? '';
  const name = options?.string(field.varHandle.sharedName) ?? '';
  return container === '' ? name : `${container}/${name}`;
}

export function readCodes(model: FlatTable): OperatorCode[] {
  return model.tables(field.model.operatorCodes).map((code) => ({
    // The wider field is the true one when it is set; older files have the one-byte field only.
    code: Math.max(
      code.int8(field.operatorCode.deprecatedBuiltinCode),
      code.int32(field.operatorCode.builtinCode),
    ),
    custom: code.string(field.operatorCode.customCode),
  }));
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 1; taken.has(name); count++) name = `${wanted}.${count}`;
  taken.add(name);
  return name;
}

function callsOf(builtin: string, options: FlatTable | undefined): number[] {
  if (options === undefined) return [];
  switch (builtin) {
    case 'IF':
      return [options.int32(field.if.then), options.int32(field.if.else)];
    case 'WHILE':
      return [options.int32(field.while.condition), options.int32(field.while.body)];
    case 'CALL':
      return [options.int32(field.call.graph)];
    case 'CALL_ONCE':
      return [options.int32(field.callOnce.graph)];
    default:
      return [];
  }
}

function factsOf(
  builtin: string,
  inputs: readonly (ReadTensor | undefined)[],
  worksOn: ReadTensor | undefined,
  fileBytes: number,
  calls: readonly number[],
): Omit<OperatorFacts, 'variable'> {
  const weights = inputs[weightInput[builtin] ?? -1];
  const hasNumbers = weights !== undefined && weights.data.length > 0;
  const kind = kindOfTflite(builtin);
  const rule = kind && rowOf(kind).weights;
  const found = rule && hasNumbers ? findZeroChannels(weights, rule.channels) : undefined;
  return {
    builtin,
    activationFormat: formatOf(worksOn?.type ?? tensorType.int8).name,
    weightFormat: hasNumbers ? formatOf(weights.type).name : undefined,
    fileBytes,
    zeroChannels: found && { zero: found.zero.length, channels: found.channels },
    zeroAt: found?.zero ?? [],
    calls,
  };
}
