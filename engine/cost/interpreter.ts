/**
 * What an interpreter takes of its arena beside the tensors: what it keeps of the model at the tail, and what it needs
 * at the head while it sets itself up, which may be more than the network needs there when it runs. TFLite Micro's
 * (micro_allocator.cc, micro_allocation_info.cc): operators are prepared one after the other, each with room for its
 * requests for scratch; then the plan is made, from a list of all tensors and an entry of the planner for each that
 * gets a place; then the head holds what the plan says, and the inputs and outputs get their descriptions.
 */

import { interpreterNamed, type WholeInterpreter } from '../../device-profiles/index.ts';
import type { InterpreterMemory, OfSources, Terms } from '../../device-profiles/types.ts';
import type { Range } from './format.ts';
import type { Target } from './target.ts';

/** What the interpreter keeps for one operator. Bytes. */
export interface Kept {
  /** Tensors that the model has for its sake: outputs, weights, constants. How many, not bytes. */
  readonly tensors: number;
  /** What describes it, which lies beside that of other operators. */
  readonly described: number;
  /** Buffers, each rounded up, those of {@link prepared} among them. */
  readonly buffers: number;
  /** Of them, what it has from its preparation on; and what that takes besides, and gives back. */
  readonly prepared: number;
  readonly passing: number;
}

type Shared = Pick<InterpreterMemory, 'fixed' | 'perTensor' | 'perScratch' | 'perVariable' | 'error'>;

export interface InterpreterData extends Shared {
  readonly perOperator: Terms;
  readonly ends: InterpreterMemory['ends'] | undefined;
  /** `undefined` where no more is needed than when the network runs. */
  readonly setUp: InterpreterMemory['setUp'] | undefined;
  /** Bytes that a buffer takes. */
  readonly rounded: (bytes: number) => number;
}

/** `month` is that of what something is built from, `undefined` for the newest. */
export function isOfSources({ since, before }: OfSources, month: string | undefined): boolean {
  if (month === undefined) return before === undefined;
  return (since === undefined || since <= month) && (before === undefined || month < before);
}

export interface TargetInterpreter {
  readonly interpreter: WholeInterpreter | undefined;
  readonly month: string | undefined;
  readonly data: InterpreterData;
}

/** Month of what the target is built from, and bytes that its operators keep beyond what the rules say. */
function sourcesOf({ board, runtime, build }: Target): {
  readonly month: string | undefined;
  readonly more: Terms | undefined;
} {
  const { memory, counted } = runtime;
  const versions = counted?.versions ?? [];
  const version = versions.find((each) => each.version === build?.version);
  const usual = board.builds?.[runtime.id]?.version ?? versions[0]?.version;
  // What was measured on a board is of the build that is usual there.
  const measured =
    build === undefined || build.version === usual
      ? memory.builds?.find(({ boards }) => boards.includes(board.id))
      : undefined;
  return {
    month: measured?.sourcesOf ?? version?.sourcesOf ?? memory.sourcesOf,
    more: measured?.more,
  };
}

export function interpreterOf(target: Target): TargetInterpreter {
  const { memory } = target.runtime;
  const { month, more } = sourcesOf(target);
  const interpreter = memory.interpreter === undefined ? undefined : interpreterNamed(memory.interpreter);
  const found = interpreter?.memory.find((each) => isOfSources(each, month));
  if (found === undefined) {
    const { fixed = 0, perOperator = {}, error = 0 } = memory.persistent ?? {};
    const none = { perTensor: 0, perScratch: 0, perVariable: 0, ends: undefined, setUp: undefined };
    return { interpreter, month, data: { ...none, fixed, perOperator, error, rounded: (bytes) => bytes } };
  }
  const { alignment } = memory;
  const rounded = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  const { operators = 0, ...rest } = more ?? {};
  const perOperator = { ...rest, operators: found.perOperator + operators };
  return { interpreter, month, data: { ...found, perOperator, rounded } };
}

/** What the interpreter has to do with: a graph, or all graphs of a model. */
export class InterpreterSums {
  graphs = 0;
  /** Of the graph that an inference runs first. */
  inputs = 0;
  outputs = 0;
  /** Of the model, constants too. */
  tensors = 0;
  /** Tensors and scratch buffers that the plan gives a place. */
  placed = 0;
  /** Tensors without an element. */
  empty = 0;
  scratches = 0;
  /** Variables that operators know by a name; and bytes of all that lives from one inference to the next. */
  named = 0;
  variables = 0;
  /** Bytes; see {@link Kept}. */
  described = 0;
  buffers = 0;
  prepared = 0;
  /** The most that was kept from preparations and taken by the one under way. */
  preparing = 0;

  /** An operator, in the order in which they are prepared. */
  add(kept: Kept, scratches: number): void {
    this.tensors += kept.tensors;
    this.described += kept.described;
    this.buffers += kept.buffers;
    this.scratches += scratches;
    this.prepared += kept.prepared;
    this.preparing = Math.max(this.preparing, this.prepared + kept.passing);
  }

  /** Another graph of the model; inputs and outputs are described of the one that runs first. */
  join(graph: InterpreterSums, isFirst: boolean): void {
    if (isFirst) {
      this.inputs = graph.inputs;
      this.outputs = graph.outputs;
    }
    this.preparing = Math.max(this.preparing, this.prepared + graph.preparing);
    for (const name of ['graphs', 'tensors', 'placed', 'empty', 'scratches', 'named', 'variables'] as const)
      this[name] += graph[name];
    for (const name of ['described', 'buffers', 'prepared'] as const) this[name] += graph[name];
  }
}

export interface InterpreterBytes {
  /** What it keeps. */
  readonly tail: number;
  /** Head that it needs while it sets itself up; in a plan, beside what that lays out. May be negative. */
  readonly setUp: number;
  readonly beside: number;
}

/** Descriptions of inputs, then of outputs. */
function endsOf({ ends, rounded }: InterpreterData, inputs: number, outputs: number): number {
  if (ends === undefined) return 0;
  const { pointer, tensor } = ends;
  return rounded(rounded(pointer * inputs) + tensor * inputs + pointer * outputs) + tensor * outputs;
}

export function interpreterBytes(data: InterpreterData, sums: InterpreterSums): InterpreterBytes {
  const { rounded, setUp } = data;
  const { tensors, scratches, variables } = sums;
  const handles = rounded(data.perScratch * scratches);
  const ends = endsOf(data, sums.inputs, sums.outputs);
  const tail =
    rounded(data.fixed + sums.described + data.perTensor * tensors) +
    sums.buffers +
    handles +
    data.perVariable * sums.named +
    ends;
  if (setUp === undefined) return { tail, setUp: 0, beside: 0 };
  const requests = setUp.request * (setUp.spareRequests + scratches);
  const listed = setUp.perGraph * sums.graphs + setUp.perListed * (tensors + scratches);
  const later = setUp.eachGraph === true ? variables : 0;
  const placed = setUp.eachGraph === true ? sums.placed + sums.empty : sums.placed;
  const planning = rounded(requests + listed) + setUp.perPlaced * placed - later;
  const preparing = requests + sums.preparing - sums.prepared - handles - variables;
  const beside = setUp.eachGraph === true ? rounded(requests) - ends - later : 0;
  return { tail, setUp: Math.max(planning, preparing) - ends, beside };
}

/** The part that one operator has in the head that planning needs, unrounded. */
export function setUpOf(
  { setUp }: InterpreterData,
  {
    tensors,
    outputs,
    scratches,
  }: { readonly tensors: number; readonly outputs: number; readonly scratches: number },
): number {
  if (setUp === undefined) return 0;
  const { request, perListed, perPlaced } = setUp;
  return perListed * (tensors + scratches) + perPlaced * (outputs + scratches) + request * scratches;
}

/** Sums over the operators of any architecture of a space, and the most that preparing one of them takes. Bytes. */
export interface SpaceSums {
  readonly tail: Range;
  /** Of {@link setUpOf}. */
  readonly setUp: Range;
  readonly passing: number;
  /** How many tensors architectures put out. Each has one input. */
  readonly outputs: Range;
}

/** The least and the most of {@link neededBytes} for heads between these; no architecture lies outside. */
export function neededIn(data: InterpreterData, sums: SpaceSums, head: Range): Range {
  const { fixed, perTensor, setUp, rounded } = data;
  const ends = {
    low: endsOf(data, 1, sums.outputs.low),
    high: endsOf(data, 1, sums.outputs.high),
  };
  // What rounding up adds: to what describes the model, to its scratch, and to the whole.
  const most = rounded(1) - 1;
  const tail = {
    low: fixed + perTensor + sums.tail.low + ends.low,
    high: fixed + perTensor + sums.tail.high + ends.high + 3 * most,
  };
  if (setUp === undefined) return { low: head.low + tail.low, high: head.high + tail.high };
  const { request, perListed, perPlaced } = setUp;
  const spare = request * setUp.spareRequests;
  const once = spare + setUp.perGraph + perListed + perPlaced;
  // No more of it are requests than if all of it were for scratch.
  const requests = spare + (sums.setUp.high * request) / (request + perListed + perPlaced) + most;
  const beside = setUp.eachGraph === true ? Math.max(0, requests - ends.low) : 0;
  const planning = once + sums.setUp.high + most;
  return {
    low: tail.low + Math.max(head.low, once + sums.setUp.low - ends.high),
    high: tail.high + Math.max(head.high + beside, Math.max(planning, requests + sums.passing) - ends.low),
  };
}

/** Bytes without which the network cannot be set up, for a plan of `head` bytes. */
export function neededBytes(
  { rounded }: InterpreterData,
  { variables }: InterpreterSums,
  { tail, setUp, beside }: InterpreterBytes,
  head: number,
): number {
  return rounded(tail + variables + Math.max(head, setUp, head + beside));
}
