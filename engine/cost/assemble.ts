/**
 * From operators to a network: sums, the arena plan and the interval of the whole. Both {@link price} and the
 * fast path of the search call this, so they cannot disagree.
 */

import type { LatencyProfile } from '../../device-profiles/types.ts';
import { bytesPerElement, elementsOf, type Network, type Tensor } from '../space/network.ts';
import type { CompiledTarget } from './compile.ts';
import { choosePatches, type ChosenPatches } from './choose-patches.ts';
import { withDerived } from './metrics.ts';
import { keptBytesOf, planHead, type BufferOwners, type Skeleton, type Workspace } from './layout.ts';
import { InterpreterSums, interpreterBytes, neededBytes } from './interpreter.ts';
import { energyOf, scaleEstimate, type OperatorFigures } from './operator.ts';
import { scheduledOf } from './schedule.ts';
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

/** Widening of a whole network on a board of which no measurement comes. */
const otherBoardNetworkWidening = 1.15;

/** What networks left out came to; on a board of which no measurement comes, what boards left out came to. */
function wholeNetwork(
  { sameBoard }: CompiledTarget,
  { carriedFrom, network }: LatencyProfile,
): { readonly low: number; readonly high: number } {
  // An interval carried over from another core allows for the board already.
  if (sameBoard || carriedFrom !== undefined) return network;
  const { low, high, otherBoards } = network;
  return otherBoards ?? { low: low / otherBoardNetworkWidening, high: high * otherBoardNetworkWidening };
}

/**
 * The interval of a whole network: what networks left out of the fit came to, which has the errors of their kernels in it,
 * and beside it, as independent of that and of each other, those of kernel paths beyond what the profile's networks hold.
 * Within a path errors go together. The doubt of one operator is never lost in the sum: networks whose operators make
 * up for each other's errors say nothing of one that consists of little else.
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
  let mostBelow = 0;
  let mostAbove = 0;
  for (const { cycles, familyIndex, unusual } of figures) {
    if (cycles === undefined) return undefined;
    value += cycles.value;
    const ownBelow = cycles.value - cycles.low;
    const ownAbove = cycles.high - cycles.value;
    if (ownBelow > mostBelow) mostBelow = ownBelow;
    if (ownAbove > mostAbove) mostAbove = ownAbove;
    if (!unusual) continue;
    below[familyIndex] = (below[familyIndex] ?? 0) + ownBelow;
    above[familyIndex] = (above[familyIndex] ?? 0) + ownAbove;
  }
  let squaredBelow = 0;
  let squaredAbove = 0;
  for (let at = 0; at < below.length; at += 1) {
    squaredBelow += (below[at] ?? 0) * (below[at] ?? 0);
    squaredAbove += (above[at] ?? 0) * (above[at] ?? 0);
  }
  const whole = wholeNetwork(compiled, profile);
  const low = value - Math.max(mostBelow, Math.hypot(value * (1 - whole.low), Math.sqrt(squaredBelow)));
  const high = value + Math.max(mostAbove, Math.hypot(value * (whole.high - 1), Math.sqrt(squaredAbove)));
  return scaleEstimate({ value, low: Math.max(0, low), high }, 1000 / compiled.target.clockHz);
}

/** The interval reaches as far as memory outside the chip was seen to slow networks down. */
function whereItLies({ outside }: CompiledTarget, latencyMs: Estimate, arenaBytes: number): Estimate {
  if (arenaBytes <= outside.fromBytes) return latencyMs;
  return { ...latencyMs, high: latencyMs.high * outside.slowdown.most };
}

const counted = (value: number): Estimate => ({ value, low: value, high: value });

/** Errors of the same size as if both went the same way: nobody knows that they do not. */
const sumOf = (a: Estimate, b: Estimate): Estimate => ({
  value: a.value + b.value,
  low: a.low + b.low,
  high: a.high + b.high,
});

function around(value: number, error: number): Estimate {
  return { value, low: value * (1 - error), high: value * (1 + error) };
}

/** What the operators of a network come to for the program around it. */
interface ProgramSums {
  /** How many kinds of operators occur. */
  kinds: number;
  /** Bytes of kernels, each kind once. */
  kernels: number;
  /** Bytes. */
  code: number;
}

/** Bytes of kernels and interpreter that the linker takes in: each kind of operator once, and what is generated. */
function runtimeFlash(compiled: CompiledTarget, sums: ProgramSums): Estimate | undefined {
  const { code } = compiled.target.runtime;
  if (code === undefined) return undefined;
  return around(code.fixed + sums.code + sums.kernels, code.error);
}

/** Bytes that the network puts out. */
function bytesPutOut(
  { ops, outputs }: Skeleton,
  figures: readonly OperatorFigures[],
  inputBytes: (id: number) => number,
): number {
  let bytes = 0;
  for (const id of outputs) {
    const maker = ops.findLastIndex(({ output }) => output === id);
    bytes += maker < 0 ? inputBytes(id) : (figures[maker]?.outputBytes ?? 0);
  }
  return bytes;
}

/** All RAM of a program around the network. */
function programRam(
  compiled: CompiledTarget,
  sums: ProgramSums,
  arenaBytes: number,
  outputBytes: () => number,
): Estimate | undefined {
  const { program } = compiled.target.runtime.memory;
  if (program === undefined) return undefined;
  const stepped = Math.ceil(arenaBytes / program.arenaStep) * program.arenaStep;
  const { fixed, perKind, perOutputByte = 0, error } = program;
  const copied = perOutputByte === 0 ? 0 : perOutputByte * outputBytes();
  return around(fixed + perKind * sums.kinds + copied + stepped, error);
}

/** What the interpreter has to do with beside operators; `placed` are the buffers of the plan. */
function describe(sums: InterpreterSums, network: Skeleton, placed: number, keptBytes: number): void {
  const { inputs, outputs, kept = [], listed } = network;
  sums.graphs = 1;
  sums.inputs = inputs.length;
  sums.outputs = outputs.length;
  sums.tensors = listed?.tensors ?? sums.tensors + inputs.length;
  sums.placed = listed === undefined ? placed : listed.activations + sums.scratches;
  sums.empty = listed?.empty ?? 0;
  sums.variables = keptBytes;
  sums.named = kept.reduce((count, { tensor }) => count + (tensor === undefined ? 1 : 0), 0);
}

export interface Assembled {
  readonly headBytes: number;
  /** With {@link keptBytes}. */
  readonly tailBytes: number;
  readonly keptBytes: number;
  /** What the arena must have for the network to be set up: {@link NetworkCost.total}'s `ram`. */
  readonly neededBytes: number;
  readonly interpreter: InterpreterSums;
  readonly patches: ChosenPatches | undefined;
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
  const { memory } = compiled;
  const { modelFile } = compiled.target.runtime;
  let macs = 0;
  let parameters = 0;
  const keptBytes = keptBytesOf(network, compiled.target.runtime.memory.alignment);
  let overhead = modelFile.fixed;
  let weightBytes = 0;
  const sums: ProgramSums = { kinds: 0, kernels: 0, code: 0 };
  const interpreter = new InterpreterSums();
  const { kindsSeen } = work;
  const pass = ++work.pass;
  for (const figure of figures) {
    macs += figure.macs;
    parameters += figure.parameters;
    interpreter.add(figure.kept, figure.scratch.length);
    weightBytes += figure.quantities.weightBytes;
    overhead += figure.fileBytes - figure.quantities.weightBytes;
    const { kindIndex } = figure;
    if (kindIndex >= 0 && kindsSeen[kindIndex] !== pass) {
      kindsSeen[kindIndex] = pass;
      sums.kinds += 1;
      sums.kernels += memory.codeOfKind[kindIndex] ?? 0;
    }
    sums.code += figure.codeBytes;
  }
  const headWhole = planHead(compiled, network, figures, inputBytes, -1, work, owners);
  describe(interpreter, network, work.planner.count, keptBytes);
  const kept = interpreterBytes(memory.data, interpreter);
  const tailBytes = kept.tail + keptBytes;
  const patches = choosePatches(compiled, network, figures, inputBytes, headWhole, tailBytes, work);
  const headBytes = patches?.headBytes ?? headWhole;
  if (patches !== undefined) {
    if (owners !== undefined) owners.tensor.length = owners.op.length = owners.bytes.length = 0;
    planHead(compiled, network, patches.figures, inputBytes, patches.schedule.lastOp, work, owners);
  }
  const ramError =
    kept.tail * memory.data.error + headBytes * (compiled.target.runtime.memory.headError ?? 0);
  const fileError = overhead * modelFile.error;
  const ramBytes = neededBytes(memory.data, interpreter, kept, headBytes);
  const flashBytes = weightBytes + overhead;
  const once = networkLatency(compiled, figures, work);
  const inside = once && patches ? scaleEstimate(once, 1 + patches.extraShare) : once;
  const latency = inside && whereItLies(compiled, inside, ramBytes);
  const ram = { value: ramBytes, low: ramBytes - ramError, high: ramBytes + ramError };
  const flash = { value: flashBytes, low: flashBytes - fileError, high: flashBytes + fileError };
  const kernels = runtimeFlash(compiled, sums);
  return {
    headBytes,
    tailBytes,
    keptBytes,
    neededBytes: ramBytes,
    interpreter,
    patches,
    total: {
      ...withDerived({
        macs: counted(macs),
        parameters: counted(parameters),
        latency,
        ram,
        'ram total': programRam(compiled, sums, ramBytes, () => bytesPutOut(network, figures, inputBytes)),
        flash,
        'flash total': kernels && sumOf(flash, kernels),
        energy: energyOf(compiled, latency),
        ...scheduledOf(compiled, latency, ram),
      }),
      runtimeFlashBytes: kernels,
    },
  };
}
