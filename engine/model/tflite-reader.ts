/**
 * Reads any `.tflite`: its networks for pricing, and the numbers in the first where it is an int8 model.
 * Never throws and never hangs, whatever the bytes are; what is wrong comes back as problems.
 */

import type { Network } from '../space/network.ts';
import type { QuantizedNetwork } from '../space/trained.ts';
import { FileBytes } from './file-bytes.ts';
import { fileKind } from './file-kinds.ts';
import { FlatTable, hasIdentifier, MalformedFile } from './flatbuffer-reader.ts';
import { quantizedNetwork } from './quantized-network.ts';
import { readCodes, type Reading, readSubgraph, type TfliteSubgraph } from './read-subgraph.ts';
import { field, fileIdentifier, schemaVersion } from './schema.ts';

export interface TfliteProblem {
  readonly severity: 'error' | 'warning';
  /** Full sentences. */
  readonly message: string;
}

export interface TfliteModel {
  /** The first graph, which an inference runs. Absent when there is an error among the problems. */
  readonly network: Network | undefined;
  /** Every graph, the first first; empty when there is an error. The others are run by control flow, or by nobody. */
  readonly subgraphs: readonly TfliteSubgraph[];
  /**
   * The numbers of a model with one graph in which every operator with weights is int8 and every activation tensor
   * is quantised, else `undefined`.
   */
  readonly quantized: QuantizedNetwork | undefined;
  readonly problems: readonly TfliteProblem[];
  readonly fileBytes: number;
}

/** More than converters write; it bounds the work on a damaged file. */
const maxSubgraphs = 1000;

/** `file` is the path or URI that source references name. */
export function readTflite(bytes: Uint8Array, file: string): TfliteModel {
  try {
    return readModel(bytes, file);
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error;
    return {
      network: undefined,
      subgraphs: [],
      quantized: undefined,
      problems: [{ severity: 'error', message: error.message }],
      fileBytes: bytes.length,
    };
  }
}

function readModel(bytes: Uint8Array, file: string): TfliteModel {
  if (!hasIdentifier(bytes, fileIdentifier)) {
    const kind = fileKind(bytes);
    if (kind !== undefined) throw new MalformedFile(kind.cause, kind.cure);
  }
  const model = FlatTable.root(bytes, fileIdentifier);
  const version = model.int32(field.model.version);
  if (version !== schemaVersion) {
    throw new MalformedFile(
      `The model has schema version ${version}; Nasturtium reads version ${schemaVersion}.`,
      'Convert the model anew.',
    );
  }
  const tables = model.tables(field.model.subgraphs);
  const [first] = tables;
  if (first === undefined) throw new MalformedFile('The model holds no graph.');
  if (tables.length > maxSubgraphs)
    throw new MalformedFile(`The model claims to have ${tables.length} graphs.`);
  const parts = {
    bytes,
    file,
    buffers: model.tables(field.model.buffers),
    codes: readCodes(model),
    claims: new FileBytes(bytes.length),
  };
  const readings = tables.map((table, index) => readSubgraph(parts, table, index));
  const subgraphs = withVariables(readings.map(({ subgraph }) => subgraph));
  checkCalls(subgraphs);
  const once = runOnce(subgraphs);
  const [main] = readings as [Reading, ...Reading[]];
  const network = subgraphs[0]?.network ?? main.subgraph.network;
  return {
    network,
    subgraphs,
    quantized: tables.length > 1 ? undefined : quantizedNetwork(network, first, main.tensors),
    problems: subgraphs.filter(({ index }) => !once.has(index)).flatMap(oddities),
    fileBytes: bytes.length,
  };
}

/** Resource variables belong to no graph, and each is there once: the first graph that reads or writes it keeps it. */
function withVariables(subgraphs: readonly TfliteSubgraph[]): TfliteSubgraph[] {
  const known = new Set<string>();
  return subgraphs.map((subgraph) => {
    const { network, facts } = subgraph;
    const own = new Map<string, number>();
    for (const { variable } of facts) {
      if (variable === undefined || known.has(variable.name)) continue;
      own.set(variable.name, Math.max(own.get(variable.name) ?? 0, variable.bytes));
    }
    if (own.size === 0) return subgraph;
    for (const name of own.keys()) known.add(name);
    const kept = [...own].map(([name, bytes]) => ({ name: name || 'variable', tensor: undefined, bytes }));
    return { ...subgraph, network: { ...network, kept: [...(network.kept ?? []), ...kept] } };
  });
}

/** Every call must lead to a graph, and none back to its caller. */
function checkCalls(subgraphs: readonly TfliteSubgraph[]): void {
  const finished = new Set<number>();
  const open = new Set<number>();
  const visit = (index: number, caller: string): void => {
    const subgraph = subgraphs[index];
    if (subgraph === undefined) {
      throw new MalformedFile(`${caller} runs graph ${index}, which does not exist.`);
    }
    if (open.has(index)) throw new MalformedFile(`The graph "${subgraph.name}" runs itself.`);
    if (finished.has(index)) return;
    open.add(index);
    subgraph.facts.forEach(({ calls }, at) => {
      for (const call of calls) visit(call, `"${subgraph.network.ops[at]?.name ?? ''}"`);
    });
    open.delete(index);
    finished.add(index);
  };
  for (const { index } of subgraphs) visit(index, 'The model');
}

/** Graphs that run before the first inference only: what is odd about them says nothing of the others. */
function runOnce(subgraphs: readonly TfliteSubgraph[]): ReadonlySet<number> {
  const once = new Set<number>();
  const often = new Set([0]);
  for (const { facts } of subgraphs) {
    for (const { builtin, calls } of facts) {
      for (const call of calls) (builtin === 'CALL_ONCE' ? once : often).add(call);
    }
  }
  return new Set([...once].filter((index) => !often.has(index)));
}

/** What a person should know before they trust the numbers, each kind once. */
function oddities({ oddFormats }: TfliteSubgraph): TfliteProblem[] {
  return [...oddFormats].map(([format, count]) => ({
    severity: 'warning',
    message: `${count === 1 ? 'A tensor of the format' : `${count} tensors of the format`} ${format} ${count === 1 ? 'counts' : 'count'} by size alone: what that costs besides is not known.`,
  }));
}
