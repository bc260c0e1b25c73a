/**
 * From operators to a network: sums, the arena plan and the interval of the whole. Both {@link price} and the
 * fast path of the search call this, so they cannot disagree.
 */

import { bytesPerElement, type Network, type OpKind, type Tensor } from '../space/network.ts';
import { GreedyPlanner } from './arena.ts';
import type { CompiledTarget } from './compile.ts';
import { energyOf, scaleEstimate, type OperatorFigures } from './operator.ts';
import { elementsOf } from './quantities.ts';
import type { Estimate, NetworkCost } from './types.ts';

/** The tensor with an id; ids are usually positions. */
export function tensorOf(network: Network, id: number): Tensor {
  const direct = network.tensors[id];
  if (direct?.id === id) return direct;
  const found = network.tensors.find((tensor) => tensor.id === id);
  if (found === undefined) throw new Error(`Network "${network.name}" has no tensor ${id}.`);
  return found;
}

export function bytesOf(tensor: Tensor): number {
  return elementsOf(tensor.shape) * bytesPerElement[tensor.dtype];
}

/** Which buffer of the plan holds what: filled in step with the planner's indices. */
export interface BufferOwners {
  /** Tensor id, or -1 for scratch. */
  readonly tensor: number[];
  /** Operator that makes it (-1 for the network's input) or asks for the scratch. */
  readonly op: number[];
}

/** The part of a network that pricing looks at once its operators have figures. */
export interface Skeleton {
  /** In order of execution. `output` and `inputs` are tensor ids. */
  readonly ops: readonly {
    readonly kind: OpKind;
    readonly inputs: readonly number[];
    readonly output: number;
  }[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Storage that pricing many networks reuses. */
export class Workspace {
  readonly planner: GreedyPlanner;
  /** Per tensor id: operators of its first and last use, the operator that makes it, whose buffer it is. */
  first = new Int32Array(64);
  last = new Int32Array(64);
  maker = new Int32Array(64);
  alias = new Int32Array(64);
  /** Per kernel family: how far the interval reaches below and above. */
  readonly below: Float64Array;
  readonly above: Float64Array;

  constructor(compiled: CompiledTarget) {
    const { runtime } = compiled.target;
    this.planner = new GreedyPlanner(runtime.memory.alignment);
    this.below = new Float64Array(runtime.latency.paths.length + 1);
    this.above = new Float64Array(runtime.latency.paths.length + 1);
  }

  /** Makes room for tensor ids below `limit` and clears them. */
  reset(limit: number): void {
    if (limit > this.first.length) {
      const size = limit * 2;
      this.first = new Int32Array(size);
      this.last = new Int32Array(size);
      this.maker = new Int32Array(size);
      this.alias = new Int32Array(size);
    }
    for (let id = 0; id < limit; id += 1) {
      this.first[id] = -1;
      this.last[id] = -1;
      this.maker[id] = -1;
      this.alias[id] = id;
    }
  }
}

function greatestId(network: Skeleton): number {
  let greatest = 0;
  for (const id of network.inputs) if (id > greatest) greatest = id;
  for (const op of network.ops) {
    if (op.output > greatest) greatest = op.output;
    for (const id of op.inputs) if (id > greatest) greatest = id;
  }
  return greatest;
}

/** Lifetimes of all tensors. Dropout does nothing at inference: its output is its input. */
function markLifetimes(network: Skeleton, limit: number, work: Workspace): void {
  work.reset(limit);
  const { first, last, maker, alias } = work;
  for (const id of network.inputs) first[id] = 0;
  const { ops } = network;
  for (let index = 0; index < ops.length; index += 1) {
    const op = ops[index];
    if (op === undefined) continue;
    if (op.kind === 'dropout') {
      alias[op.output] = alias[op.inputs[0] ?? 0] ?? 0;
      continue;
    }
    for (const input of op.inputs) {
      const id = alias[input] ?? input;
      if ((first[id] ?? -1) < 0) first[id] = index;
      last[id] = index;
    }
    first[op.output] = index;
    last[op.output] = index;
    maker[op.output] = index;
  }
  for (const id of network.outputs) last[alias[id] ?? id] = ops.length - 1;
}

/**
 * Enters every activation and scratch buffer with its lifetime, in the order that TFLite Micro's planner is
 * given them: tensors by id, then scratch buffers in the order of operators.
 */
function enterBuffers(
  network: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
  work: Workspace,
  owners: BufferOwners | undefined,
): void {
  const limit = greatestId(network) + 1;
  markLifetimes(network, limit, work);
  const { planner, first, last, maker, alias } = work;
  planner.clear();
  for (let id = 0; id < limit; id += 1) {
    const from = first[id] ?? -1;
    if (from < 0 || alias[id] !== id) continue;
    const by = maker[id] ?? -1;
    const bytes = by < 0 ? inputBytes(id) : (figures[by]?.outputBytes ?? 0);
    planner.add(bytes, from, Math.max(from, last[id] ?? from));
    owners?.tensor.push(id);
    owners?.op.push(by);
  }
  for (let index = 0; index < figures.length; index += 1) {
    const bytes = figures[index]?.scratchBytes ?? 0;
    if (bytes === 0) continue;
    planner.add(bytes, index, index);
    owners?.tensor.push(-1);
    owners?.op.push(index);
  }
}

/** Widening of a whole network on a board of which no measurement comes. */
const otherBoardNetworkWidening = 1.15;

/**
 * The interval of a whole network. Errors of one kernel path go together, those of different paths are taken as
 * independent; and no network is promised better than what networks left out of the fit came to.
 */
function networkLatency(
  compiled: CompiledTarget,
  figures: readonly OperatorFigures[],
  work: Workspace,
): Estimate | undefined {
  const { profile } = compiled;
  if (profile === undefined) return undefined;
  const { below, above } = work;
  below.fill(0);
  above.fill(0);
  let value = profile.invokeCycles;
  for (const { cycles, familyIndex } of figures) {
    if (cycles === undefined) return undefined;
    value += cycles.value;
    below[familyIndex] = (below[familyIndex] ?? 0) + cycles.value - cycles.low;
    above[familyIndex] = (above[familyIndex] ?? 0) + cycles.high - cycles.value;
  }
  let squaredBelow = 0;
  let squaredAbove = 0;
  for (let at = 0; at < below.length; at += 1) {
    squaredBelow += (below[at] ?? 0) * (below[at] ?? 0);
    squaredAbove += (above[at] ?? 0) * (above[at] ?? 0);
  }
  const widening = compiled.sameBoard ? 1 : otherBoardNetworkWidening;
  const low = Math.min(value - Math.sqrt(squaredBelow), (value * profile.network.low) / widening);
  const high = Math.max(value + Math.sqrt(squaredAbove), value * profile.network.high * widening);
  return scaleEstimate({ value, low: Math.max(0, low), high }, 1000 / compiled.target.clockHz);
}

function around(value: number, error: number): Estimate {
  return { value, low: value * (1 - error), high: value * (1 + error) };
}

/** Bytes of kernels and interpreter that the linker takes in: each kind of operator once. */
function runtimeFlash(compiled: CompiledTarget, network: Skeleton): Estimate | undefined {
  const { code } = compiled.target.runtime;
  if (code === undefined) return undefined;
  let bytes = code.fixed;
  const { ops } = network;
  for (let index = 0; index < ops.length; index += 1) {
    const kind = ops[index]?.kind;
    let before = 0;
    while (before < index && ops[before]?.kind !== kind) before += 1;
    if (before === index && kind !== undefined) bytes += code.perKind[kind] ?? 0;
  }
  return around(bytes, code.error);
}

export interface Assembled {
  readonly headBytes: number;
  readonly tailBytes: number;
  readonly total: NetworkCost['total'];
}

/**
 * Totals of a network whose operators are priced; leaves the plan in `work.planner`. `inputBytes` gives the size of
 * a tensor that no operator makes.
 */
export function assemble(
  compiled: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
  work: Workspace,
  owners?: BufferOwners,
): Assembled {
  enterBuffers(network, figures, inputBytes, work, owners);
  const headBytes = work.planner.plan();
  const { memory, modelFile } = compiled.target.runtime;
  let macs = 0;
  let parameters = 0;
  let tailBytes = memory.persistent.fixed;
  let overhead = modelFile.fixed;
  let weightBytes = 0;
  for (const figure of figures) {
    macs += figure.macs;
    parameters += figure.parameters;
    tailBytes += figure.persistentBytes;
    weightBytes += figure.quantities.weightBytes;
    overhead += figure.flashBytes - figure.quantities.weightBytes;
  }
  const tailError = tailBytes * memory.persistent.error;
  const fileError = overhead * modelFile.error;
  const ramBytes = headBytes + tailBytes;
  const flashBytes = weightBytes + overhead;
  const latencyMs = networkLatency(compiled, figures, work);
  return {
    headBytes,
    tailBytes,
    total: {
      macs,
      parameters,
      latencyMs,
      ramBytes: { value: ramBytes, low: ramBytes - tailError, high: ramBytes + tailError },
      programRamBytes: undefined,
      flashBytes: { value: flashBytes, low: flashBytes - fileError, high: flashBytes + fileError },
      runtimeFlashBytes: runtimeFlash(compiled, network),
      energyUj: energyOf(compiled, latencyMs),
    },
  };
}
