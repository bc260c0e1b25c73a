/**
 * The arena of one network: which tensors and scratch buffers it holds and for how long, what is written over what,
 * and how the planner lays that out.
 */

import type { Kept, Network, OpKind } from '../space/network.ts';
import { GreedyPlanner } from './arena.ts';
import { countedKinds } from './memory.ts';
import type { CompiledTarget } from './compile.ts';
import type { OperatorFigures } from './operator.ts';

/** Which buffer of the plan holds what: filled in step with the planner's indices. */
export interface BufferOwners {
  /** Tensor id, or -1 for scratch. */
  readonly tensor: number[];
  /** Operator that makes it (-1 for the network's input) or asks for the scratch. */
  readonly op: number[];
  /** Bytes, not rounded up. */
  readonly bytes: number[];
}

/** The part of a network that pricing looks at once its operators have figures. */
export interface Skeleton {
  /** In order of execution. `output` and `inputs` are tensor ids. */
  readonly ops: readonly {
    readonly kind: OpKind;
    readonly inputs: readonly number[];
    readonly output: number;
    /** What it puts out besides. */
    readonly moreOutputs: readonly number[];
  }[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** What lives from one inference to the next has a place of its own, outside the plan. */
  readonly kept?: readonly Kept[];
  readonly listed?: Network['listed'];
}

/** Storage that pricing many networks reuses. */
export class Workspace {
  readonly planner: GreedyPlanner;
  /** Per kind of operator: the last {@link pass} that met it. */
  readonly kindsSeen = new Int32Array(countedKinds.length);
  pass = 0;
  /** Per tensor id: operators of its first and last use, the operator that makes it, whose buffer it is. */
  first = new Int32Array(64);
  last = new Int32Array(64);
  maker = new Int32Array(64);
  alias = new Int32Array(64);
  /** Per tensor id: the tensor that it is written over, or -1; its buffer in the plan. */
  over = new Int32Array(64);
  buffer = new Int32Array(64);
  /** Per tensor id: 1 where it depends on no input of the network. */
  constant = new Uint8Array(64);
  /** Per tensor id: bytes of the lines that are kept of it where pooling is fused into what makes it, else 0. */
  lines = new Float64Array(64);
  /** Bytes of the buffers that all kernels share. */
  readonly pools: Float64Array;
  /** Per kernel family: how far the interval reaches below and above. */
  readonly below: Float64Array;
  readonly above: Float64Array;

  constructor(compiled: CompiledTarget) {
    const { runtime } = compiled.target;
    this.planner = new GreedyPlanner(runtime.memory.alignment, runtime.memory.planner === 'sliding');
    this.pools = new Float64Array(compiled.memory.pools);
    this.below = new Float64Array(compiled.families.length + 1);
    this.above = new Float64Array(compiled.families.length + 1);
  }

  /** Makes room for tensor ids below `limit` and clears them. */
  reset(limit: number): void {
    if (limit > this.first.length) {
      const size = limit * 2;
      this.first = new Int32Array(size);
      this.last = new Int32Array(size);
      this.maker = new Int32Array(size);
      this.alias = new Int32Array(size);
      this.over = new Int32Array(size);
      this.buffer = new Int32Array(size);
      this.lines = new Float64Array(size);
      this.constant = new Uint8Array(size);
    }
    for (let id = 0; id < limit; id += 1) {
      this.first[id] = -1;
      this.last[id] = -1;
      this.maker[id] = -1;
      this.alias[id] = id;
      this.over[id] = -1;
      this.lines[id] = 0;
      this.constant[id] = 0;
    }
  }
}

function greatestId(network: Skeleton): number {
  let greatest = 0;
  for (const id of network.inputs) if (id > greatest) greatest = id;
  for (const op of network.ops) {
    if (op.output > greatest) greatest = op.output;
    for (const id of op.moreOutputs) if (id > greatest) greatest = id;
    for (const id of op.inputs) if (id > greatest) greatest = id;
  }
  return greatest;
}

/**
 * Lifetimes of all tensors. What a folded operator puts out is its input. Operators up to `lastPatched` run once per
 * patch, so the network's input and the output of the last of them are there all the while.
 */
function markLifetimes(
  network: Skeleton,
  figures: readonly OperatorFigures[],
  limit: number,
  lastPatched: number,
  work: Workspace,
): void {
  work.reset(limit);
  const { first, last, maker, alias } = work;
  for (const id of network.inputs) {
    first[id] = 0;
    last[id] = lastPatched;
  }
  const { ops } = network;
  for (let index = 0; index < ops.length; index += 1) {
    const op = ops[index];
    if (op === undefined) continue;
    if (figures[index]?.isFolded === true) {
      alias[op.output] = alias[op.inputs[0] ?? 0] ?? 0;
      continue;
    }
    for (const input of op.inputs) {
      const id = alias[input] ?? input;
      if ((first[id] ?? -1) < 0) first[id] = index;
      last[id] = Math.max(index, last[id] ?? index);
    }
    first[op.output] = index === lastPatched ? 0 : index;
    last[op.output] = index;
    maker[op.output] = index;
    for (const id of op.moreOutputs) {
      first[id] = index;
      last[id] = index;
      maker[id] = index;
    }
  }
  for (const id of network.outputs) last[alias[id] ?? id] = ops.length - 1;
  for (const { tensor = limit } of network.kept ?? []) if (tensor < limit) first[tensor] = -1;
}

/** Finds outputs that may be written over an input which nothing needs after the operator. */
function markInPlace(
  network: Skeleton,
  figures: readonly OperatorFigures[],
  lastPatched: number,
  { first, last, alias, over }: Workspace,
): void {
  const { ops, outputs } = network;
  for (let index = 0; index < ops.length; index += 1) {
    const op = ops[index];
    // The output of the last patched operator is put together patch by patch: it has a place of its own.
    if (op === undefined || index === lastPatched || figures[index]?.inPlace !== true) continue;
    if (figures[index]?.isFolded === true) continue;
    for (const input of op.inputs) {
      const id = alias[input] ?? input;
      const isFree = last[id] === index && (first[id] ?? -1) >= 0 && id !== op.output;
      if (!isFree || outputs.some((output) => (alias[output] ?? output) === id)) continue;
      over[op.output] = id;
      break;
    }
  }
}

/**
 * Takes what depends on no input out of the plan; what of it the network puts out is there all the time. Shapes are
 * known ahead.
 */
function markConstants(
  { ops, inputs, outputs }: Skeleton,
  figures: readonly OperatorFigures[],
  { first, last, alias, constant, over }: Workspace,
): void {
  for (const [index, op] of ops.entries()) {
    const isKnown = (id: number): boolean => constant[id] === 1 && !inputs.includes(id);
    if (figures[index]?.readsShape !== true && !op.inputs.every(isKnown)) continue;
    const id = op.output;
    constant[id] = 1;
    over[id] = -1;
    const isPutOut = outputs.some((output) => (alias[output] ?? output) === id);
    first[id] = isPutOut ? 0 : -1;
    if (isPutOut) last[id] = ops.length - 1;
  }
}

/**
 * Finds pooling that the convolution before it does itself: of what that makes, only the lines under a window are kept,
 * and the pooled output grows while the convolution runs.
 */
function markFusedPools(
  { memory }: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  { first, last, maker, alias, over, lines }: Workspace,
): void {
  const { ops, outputs } = network;
  for (let index = 1; index < ops.length; index += 1) {
    const op = ops[index];
    const pool = figures[index]?.quantities;
    const made = op?.inputs[0] ?? -1;
    const before = figures[index - 1];
    if (op === undefined || pool === undefined || before === undefined || !memory.fusesPool(op.kind))
      continue;
    const isFused =
      memory.poolsItself(ops[index - 1]?.kind ?? op.kind) &&
      alias[made] === made &&
      maker[made] === index - 1 &&
      last[made] === index &&
      !outputs.includes(made);
    if (!isFused) continue;
    const { outputRow, outputElementBytes } = before.quantities;
    lines[made] = Math.min(before.outputBytes, pool.kernelHeight * outputRow * outputElementBytes);
    last[made] = index - 1;
    first[op.output] = index - 1;
    over[made] = -1;
    over[op.output] = -1;
  }
}

/**
 * Enters every activation and scratch buffer with its lifetime, in the order that TFLite Micro's planner is
 * given them: tensors by id, then scratch buffers in the order of operators.
 */
function enterBuffers(
  compiled: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
  lastPatched: number,
  work: Workspace,
  owners: BufferOwners | undefined,
): void {
  const { memory } = compiled;
  const limit = greatestId(network) + 1;
  markLifetimes(network, figures, limit, lastPatched, work);
  if (memory.reuses) markInPlace(network, figures, lastPatched, work);
  if (memory.foldsConstants) markConstants(network, figures, work);
  if (memory.fusesPools) markFusedPools(compiled, network, figures, work);
  const { planner, first, last, maker, alias, over, buffer, lines, pools } = work;
  planner.clear();
  for (let id = 0; id < limit; id += 1) {
    const from = first[id] ?? -1;
    if (from < 0 || alias[id] !== id) continue;
    const by = maker[id] ?? -1;
    const kept = lines[id] ?? 0;
    const isOutput = network.ops[by]?.output === id;
    const bytes = kept > 0 ? kept : isOutput ? (figures[by]?.outputBytes ?? 0) : inputBytes(id);
    if (bytes === 0) {
      first[id] = -1;
      continue;
    }
    buffer[id] = planner.add(bytes, from, Math.max(from, last[id] ?? from));
    owners?.tensor.push(id);
    owners?.op.push(by);
    owners?.bytes.push(bytes);
  }
  if (memory.reuses) {
    for (let id = 0; id < limit; id += 1) {
      const below = over[id] ?? -1;
      const areThere = below >= 0 && (first[id] ?? -1) >= 0 && (first[below] ?? -1) >= 0;
      if (areThere) planner.putOver(buffer[id] ?? 0, buffer[below] ?? 0);
    }
  }
  if (memory.pools > 0) pools.fill(0);
  for (let index = 0; index < figures.length; index += 1) {
    const figure = figures[index];
    if (figure === undefined) continue;
    for (let pool = 0; pool < memory.pools; pool += 1) {
      pools[pool] = Math.max(pools[pool] ?? 0, figure.pooledBytes[pool] ?? 0);
    }
    const { scratch } = figure;
    for (let buffer = 0; buffer < scratch.length; buffer += 1) {
      const bytes = scratch[buffer] ?? 0;
      planner.add(bytes, index, index);
      owners?.tensor.push(-1);
      owners?.op.push(index);
      owners?.bytes.push(bytes);
    }
  }
}

/** Bytes of what lives from one inference to the next, each rounded up to the alignment. */
export function keptBytesOf({ kept = [] }: Skeleton, alignment: number): number {
  return kept.reduce((sum, { bytes }) => sum + Math.ceil(bytes / alignment) * alignment, 0);
}

/** Lays the arena out; returns its head in bytes: what the planner laid out, then the buffers that kernels share. */
export function planHead(
  compiled: CompiledTarget,
  network: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
  lastPatched: number,
  work: Workspace,
  owners?: BufferOwners,
): number {
  enterBuffers(compiled, network, figures, inputBytes, lastPatched, work, owners);
  let head = work.planner.plan();
  if (compiled.memory.pools === 0) return head;
  const { alignment } = compiled.target.runtime.memory;
  for (const bytes of work.pools) head += Math.ceil(bytes / alignment) * alignment;
  return head;
}
