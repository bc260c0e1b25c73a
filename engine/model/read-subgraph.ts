/** One graph of a `.tflite`: its network, and what a network cannot say about its operators. */

import type { Network, Op } from '../space/network.ts';
import { decodeOp } from './decode-op.ts';
import type { FileTensor } from './decode-op.ts';
import type { FileBytes } from './file-bytes.ts';
import { MalformedFile } from './flatbuffer-reader.ts';
import type { FlatTable } from './flatbuffer-reader.ts';
import { activationTensor, formatOf, readTensors } from './read-tensors.ts';
import type { ReadTensor } from './read-tensors.ts';
import { field, operatorName, tensorType } from './schema.ts';
import { findZeroChannels } from './zero-channels.ts';
import type { ZeroChannels } from './zero-channels.ts';

/** What the file says of an operator beside the network. */
export interface OperatorFacts {
  /** Name in the schema, e.g. `CONV_2D`, or of a custom operator. */
  readonly builtin: string;
  /** Of its first input and of its weights; `undefined` without weights. */
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
  const { ops, facts, extraOutputs } = readOps(parts, table, tensors);
  const ends = (id: number) => [...table.int32s(id)].filter((tensor) => tensors[tensor] !== undefined);
  const inputs = ends(field.subgraph.inputs);
  const outputs = ends(field.subgraph.outputs);
  const used = new Set<number>([...extraOutputs, ...inputs, ...outputs]);
  for (const op of ops) for (const id of [...op.inputs, op.output]) used.add(id);
  const activations = tensors.filter((tensor) => used.has(tensor.index));

  const oddFormats = new Map<string, number>();
  for (const { type } of activations) {
    const { exact, name } = formatOf(type);
    if (!exact) oddFormats.set(name, (oddFormats.get(name) ?? 0) + 1);
  }
  const name = table.string(field.subgraph.name) || (index === 0 ? 'main' : `graph ${index}`);
  const network: Network = { name, tensors: activations.map(activationTensor), inputs, outputs, ops };
  return { subgraph: { index, name, network, facts, oddFormats }, tensors };
}

function readOps(
  { codes, file, claims }: ModelParts,
  subgraph: FlatTable,
  tensors: readonly ReadTensor[],
): {
  readonly ops: readonly Op[];
  readonly facts: readonly OperatorFacts[];
  readonly extraOutputs: readonly number[];
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
  const extraOutputs: number[] = [];
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
    const outputs = [...table.int32s(field.operator.outputs)].map((id) => tensorAt(id, index));
    const [output] = outputs;
    const builtin = opcode.custom || operatorName(opcode.code);
    if (output === undefined && builtin !== 'CALL_ONCE' && builtin !== 'ASSIGN_VARIABLE') {
      throw new MalformedFile(`Operator ${index} has no output.`);
    }
    extraOutputs.push(...outputs.slice(1).map((tensor) => tensor.index));
    const name = uniqueName(output?.name || `${builtin.toLowerCase()}.${index}`, names);
    const options = table.table(field.operator.options);
    const op = decodeOp({
      index,
      name,
      code: opcode.code,
      source: { file, line: 0, start: 0, end: 0 },
      options,
      inputs,
      outputs: output === undefined ? [standIn(inputs, index)] : outputs,
      activations: inputs.flatMap((tensor) =>
        tensor !== undefined && tensor.data.length === 0 ? [tensor.index] : [],
      ),
    });
    const constants = inputs.filter((tensor): tensor is ReadTensor => (tensor?.data.length ?? 0) > 0);
    const fileBytes = claims.claim([...constants, ...outputs].flatMap(({ places }) => places));
    facts.push(factsOf(builtin, inputs, output, fileBytes, callsOf(builtin, options)));
    return op.kind === 'other' ? { ...op, tfliteName: builtin } : op;
  });
  return { ops, facts, extraOutputs };
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

/** An operator of a network has an output; one that only writes a variable is given back its input. */
function standIn(inputs: readonly (ReadTensor | undefined)[], op: number): FileTensor {
  const tensor = inputs.find((input) => input !== undefined);
  if (tensor === undefined) throw new MalformedFile(`Operator ${op} has neither input nor output.`);
  return tensor;
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
  output: ReadTensor | undefined,
  fileBytes: number,
  calls: readonly number[],
): OperatorFacts {
  const hasWeights = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'].includes(builtin);
  const weights = hasWeights ? inputs[1] : undefined;
  const isConstant = weights !== undefined && weights.data.length > 0;
  const first = inputs.find((tensor) => tensor?.data.length === 0) ?? output;
  const found = isConstant
    ? findZeroChannels(weights, builtin === 'DEPTHWISE_CONV_2D' ? 'last' : 'first')
    : undefined;
  return {
    builtin,
    activationFormat: formatOf(first?.type ?? tensorType.int8).name,
    weightFormat: isConstant ? formatOf(weights.type).name : undefined,
    fileBytes,
    zeroChannels: found && { zero: found.zero.length, channels: found.channels },
    zeroAt: found?.zero ?? [],
    calls,
  };
}
