/**
 * From operators to a network: sums, the arena plan and the interval of the whole. Both {@link price} and the
 * fast path of the search call this, so they cannot disagree.
 */

import { bytesPerElement, type Network, type Op, type Tensor } from '../space/network.ts';
import type { GreedyPlanner } from './arena.ts';
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

/** Dropout does nothing at inference: its output is its input. */
function isTransparent(op: Op): boolean {
  return op.kind === 'dropout';
}

/**
 * Enters every activation and scratch buffer with its lifetime, in the order that TFLite Micro's planner is
 * given them: tensors by id, then scratch buffers in the order of operators.
 */
export function enterBuffers(
  planner: GreedyPlanner,
  network: Network,
  figures: readonly OperatorFigures[],
  owners?: BufferOwners,
): void {
  const count = network.tensors.length;
  let limit = count;
  for (const tensor of network.tensors) if (tensor.id >= limit) limit = tensor.id + 1;
  const first = new Int32Array(limit).fill(-1);
  const last = new Int32Array(limit).fill(-1);
  const maker = new Int32Array(limit).fill(-1);
  const alias = new Int32Array(limit);
  for (let id = 0; id < limit; id += 1) alias[id] = id;
  const end = network.ops.length - 1;
  for (const id of network.inputs) first[id] = 0;
  for (const op of network.ops) {
    if (isTransparent(op)) {
      alias[op.output] = alias[op.inputs[0] ?? 0] ?? 0;
      continue;
    }
    for (const input of op.inputs) {
      const id = alias[input] ?? input;
      if ((first[id] ?? -1) < 0) first[id] = op.index;
      last[id] = op.index;
    }
    first[op.output] = op.index;
    last[op.output] = Math.max(last[op.output] ?? -1, op.index);
    maker[op.output] = op.index;
  }
  for (const id of network.outputs) last[alias[id] ?? id] = end;

  planner.clear();
  const ordered = network.tensors.every((tensor, position) => tensor.id === position)
    ? network.tensors
    : [...network.tensors].sort((a, b) => a.id - b.id);
  for (const tensor of ordered) {
    const from = first[tensor.id] ?? -1;
    if (from < 0 || alias[tensor.id] !== tensor.id) continue;
    planner.add(bytesOf(tensor), from, Math.max(from, last[tensor.id] ?? from));
    owners?.tensor.push(tensor.id);
    owners?.op.push(maker[tensor.id] ?? -1);
  }
  for (const op of network.ops) {
    const bytes = figures[op.index]?.scratchBytes ?? 0;
    if (bytes === 0) continue;
    planner.add(bytes, op.index, op.index);
    owners?.tensor.push(-1);
    owners?.op.push(op.index);
  }
}

/**
 * The interval of a whole network. Errors of one kernel path go together, those of different paths are taken as
 * independent; and no network is promised better than what networks left out of the fit came to.
 */
function networkLatency(compiled: CompiledTarget, figures: readonly OperatorFigures[]): Estimate | undefined {
  const { profile } = compiled;
  if (profile === undefined) return undefined;
  let value = profile.invokeCycles;
  const families: (string | undefined)[] = [];
  const below: number[] = [];
  const above: number[] = [];
  for (const figure of figures) {
    const { cycles, family } = figure;
    if (cycles === undefined) return undefined;
    value += cycles.value;
    let at = families.indexOf(family);
    if (at < 0) {
      at = families.length;
      families.push(family);
      below.push(0);
      above.push(0);
    }
    below[at] = (below[at] ?? 0) + cycles.value - cycles.low;
    above[at] = (above[at] ?? 0) + cycles.high - cycles.value;
  }
  let squaredBelow = 0;
  let squaredAbove = 0;
  for (let at = 0; at < families.length; at += 1) {
    squaredBelow += (below[at] ?? 0) ** 2;
    squaredAbove += (above[at] ?? 0) ** 2;
  }
  const widening = compiled.sameBoard ? 1 : 1.15;
  const low = Math.min(value - Math.sqrt(squaredBelow), (value * profile.network.low) / widening);
  const high = Math.max(value + Math.sqrt(squaredAbove), value * profile.network.high * widening);
  return scaleEstimate({ value, low: Math.max(0, low), high }, 1000 / compiled.target.clockHz);
}

function around(value: number, error: number): Estimate {
  return { value, low: value * (1 - error), high: value * (1 + error) };
}

/** Bytes of kernels and interpreter that the linker takes in. */
function runtimeFlash(compiled: CompiledTarget, network: Network): Estimate | undefined {
  const { code } = compiled.target.runtime;
  if (code === undefined) return undefined;
  const kinds = new Set(network.ops.map((op) => op.kind));
  let bytes = code.fixed;
  for (const kind of kinds) bytes += code.perKind[kind] ?? 0;
  return around(bytes, code.error);
}

export interface Assembled {
  readonly headBytes: number;
  readonly tailBytes: number;
  readonly total: NetworkCost['total'];
}

/** Totals of a network whose operators are priced; leaves the plan in `planner`. */
export function assemble(
  compiled: CompiledTarget,
  network: Network,
  figures: readonly OperatorFigures[],
  planner: GreedyPlanner,
  owners?: BufferOwners,
): Assembled {
  enterBuffers(planner, network, figures, owners);
  const headBytes = planner.plan();
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
  const latencyMs = networkLatency(compiled, figures);
  return {
    headBytes,
    tailBytes,
    total: {
      macs,
      parameters,
      latencyMs,
      ramBytes: { value: ramBytes, low: ramBytes - tailError, high: ramBytes + tailError },
      flashBytes: { value: flashBytes, low: flashBytes - fileError, high: flashBytes + fileError },
      runtimeFlashBytes: runtimeFlash(compiled, network),
      energyUj: energyOf(compiled, latencyMs),
    },
  };
}
