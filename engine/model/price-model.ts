/**
 * What a `.tflite` costs: each of its graphs priced like any network, and what only the file can tell: operators
 * that a `.nas` file cannot say, weights and activations in different formats, graphs that run other graphs.
 */

import { arenaOfGraphs, placeArena, price, scheduledCosts } from '../cost/index.ts';
import type { Estimate, NetworkCost, OpCost, Placement, Support, Target } from '../cost/index.ts';
import type { Network } from '../space/network.ts';
import { withoutZeroChannels } from './left-out.ts';
import type { OperatorFacts, TfliteSubgraph } from './read-subgraph.ts';
import { callOf } from './registration.ts';
import type { TfliteModel } from './tflite-reader.ts';

export interface PricedGraph {
  readonly name: string;
  readonly network: Network;
  readonly cost: NetworkCost;
  /** In step with `cost.ops`; empty for a network that does not come from a file. */
  readonly facts: readonly OperatorFacts[];
  /** Layers that run this graph, as `graph/layer`; empty for the first, and for what nobody runs. */
  readonly calledBy: readonly string[];
  /** Output channels that the runtime leaves out, in step with `cost.ops`; `undefined` where it leaves out none. */
  readonly leftOut?: readonly number[];
}

export interface PricedModel {
  readonly target: Target;
  /** The one that an inference runs first. */
  readonly graphs: readonly PricedGraph[];
  /**
   * Of the whole model: the arena with the deepest graphs that are called, the file as it is. The latency and the
   * energy are `undefined` when control flow decides at run time what runs. MACs are those of the first graph and of
   * what it runs once; what it runs as often as the data say is named in `partial`.
   */
  readonly total: NetworkCost['total'];
  /** Where the whole arena lies. */
  readonly placement: Placement;
}

/** A network that comes from no file, as a model of one graph. */
export function asModel(name: string, network: Network, cost: NetworkCost, target: Target): PricedModel {
  return {
    target,
    graphs: [{ name, network, cost, facts: [], calledBy: [] }],
    total: cost.total,
    placement: cost.memory.placement,
  };
}

const exactly = (value: number): Estimate => ({ value, low: value, high: value });

/** Throws a RangeError for a model without a network, whose problems say why. */
export function priceModel(model: TfliteModel, target: Target): PricedModel {
  const { subgraphs } = model;
  const own = subgraphs.map((subgraph) => priceGraph(subgraph, target));
  const macs = macsThroughCalls(
    subgraphs.map(({ facts }, index) => ({
      facts,
      total: own[index]?.cost.total,
      ops: own[index]?.cost.ops,
    })),
  );
  const graphs = subgraphs.map((subgraph, index): PricedGraph => {
    const { cost, leftOut } = own[index] ?? priceGraph(subgraph, target);
    const ops = cost.ops.map((op, at) => adjusted(op, subgraph.facts[at], target, subgraphs));
    const latency = ops.every((op) => op.latencyMs !== undefined) ? cost.total.latency : undefined;
    const energy = latency && cost.total.energy;
    const { macs: sum, partial } = macs(index);
    const counted = { macs: exactly(sum), ...(partial && { partial }) };
    const scheduled = scheduledCosts(target, latency, cost.total.ram);
    return {
      name: subgraph.name,
      network: subgraph.network,
      cost: { ...cost, ops, total: { ...cost.total, ...counted, latency, energy, ...scheduled } },
      facts: subgraph.facts,
      calledBy: callersOf(subgraph.index, subgraphs),
      ...(leftOut && { leftOut }),
    };
  });
  const [first] = graphs;
  if (first === undefined) throw new RangeError('A model without a graph has no cost.');
  const flash = exactly(model.fileBytes);
  const { total, memory } = first.cost;
  if (graphs.length === 1) return { target, graphs, total: { ...total, flash }, placement: memory.placement };
  const ram = arenaOf(graphs, target);
  return {
    target,
    graphs,
    total: { ...total, ram, 'ram total': undefined, flash, ...scheduledCosts(target, total.latency, ram) },
    placement: placeArena(target, ram.value, memory.placement.otherBytes),
  };
}

/**
 * The cost of a graph, and of what remains of it where the runtime leaves channels out whose weights are all zero. Where
 * that is likely and not known, the interval reaches up to the price of the whole. Memory is that of the whole: what
 * leaving channels out saves of it was not published.
 */
function priceGraph(
  { network, facts }: TfliteSubgraph,
  target: Target,
): { readonly cost: NetworkCost; readonly leftOut: readonly number[] | undefined } {
  const whole = price(network, target);
  const { zeroChannels } = target.runtime;
  const remaining =
    zeroChannels &&
    withoutZeroChannels(
      network,
      facts.map(({ zeroAt }) => zeroAt),
    );
  if (remaining === undefined) return { cost: whole, leftOut: undefined };
  const fewer = price(remaining.network, target);
  const reach = (part: Estimate | undefined, all: Estimate | undefined): Estimate | undefined => {
    if (part === undefined || all === undefined || zeroChannels?.leftOut === 'known') return part;
    return { ...part, high: Math.max(part.high, all.value) };
  };
  const ops = whole.ops.map((op, at): OpCost => {
    const part = fewer.ops[at];
    if (part === undefined) return op;
    const { note, origin } = part;
    return {
      ...op,
      note,
      origin,
      cycles: reach(part.cycles, op.cycles),
      latencyMs: reach(part.latencyMs, op.latencyMs),
      energyUj: reach(part.energyUj, op.energyUj),
    };
  });
  const latency = reach(fewer.total.latency, whole.total.latency);
  const energy = reach(fewer.total.energy, whole.total.energy);
  const total = { ...whole.total, latency, energy };
  return { cost: { ...whole, ops, total }, leftOut: remaining.leftOut };
}

/**
 * The arena: the head of the graph that runs first and, beside it, of the deepest of those that it runs, since what lies
 * between is free to share its place; the tails of all graphs, which are set up whether they run or not.
 */
function arenaOf(graphs: readonly PricedGraph[], target: Target): Estimate {
  const headOf = throughCalls((index, follow: (call: number) => number): number => {
    const graph = graphs[index];
    const calls = graph?.facts.flatMap((facts) => facts.calls) ?? [];
    return (graph?.cost.memory.headBytes ?? 0) + Math.max(0, ...calls.map(follow));
  });
  return arenaOfGraphs(
    target,
    graphs.map(({ cost }) => cost.memory),
    headOf(0),
  );
}

interface Macs {
  readonly macs: number;
  readonly partial?: readonly string[];
}

/** Multiply-accumulates of each graph with those that it runs once, and the operators of which they are not known. */
function macsThroughCalls(
  graphs: readonly {
    readonly facts: readonly OperatorFacts[];
    readonly total: NetworkCost['total'] | undefined;
    readonly ops: readonly OpCost[] | undefined;
  }[],
): (index: number) => Macs {
  return throughCalls((index, follow: (call: number) => Macs): Macs => {
    const { facts = [], total, ops } = graphs[index] ?? {};
    let macs = total?.macs.value ?? 0;
    const partial = new Set(total?.partial ?? []);
    facts.forEach(({ builtin, calls }, at) => {
      // What runs before the first inference is in none.
      if (builtin === 'CALL_ONCE') return;
      for (const called of calls.map(follow)) {
        if (builtin === 'CALL') macs += called.macs;
        const isOpen = called.partial !== undefined || (builtin !== 'CALL' && called.macs > 0);
        if (isOpen) partial.add(ops?.[at]?.name ?? '');
      }
    });
    return partial.size === 0 ? { macs } : { macs, partial: [...partial] };
  });
}

/** A value for each graph that depends on the graphs that it runs, found once. No graph runs itself: that is read before. */
function throughCalls<T>(valueOf: (index: number, follow: (call: number) => T) => T): (index: number) => T {
  const known = new Map<number, T>();
  const follow = (index: number): T => {
    const before = known.get(index);
    if (before !== undefined) return before;
    const value = valueOf(index, follow);
    known.set(index, value);
    return value;
  };
  return follow;
}

function callersOf(index: number, subgraphs: readonly TfliteSubgraph[]): string[] {
  return subgraphs.flatMap(({ name, network, facts }) =>
    facts.flatMap(({ calls }, at) =>
      calls.includes(index) ? [`${name}/${network.ops[at]?.name ?? ''}`] : [],
    ),
  );
}

/** What the file knows better than the network. */
function adjusted(
  op: OpCost,
  facts: OperatorFacts | undefined,
  target: Target,
  subgraphs: readonly TfliteSubgraph[],
): OpCost {
  if (facts === undefined) return op;
  const support = supportOf(op, facts, target, subgraphs);
  const flashBytes = facts.fileBytes;
  const cannotRun = support.level === 'none' && op.support.level !== 'none';
  const note = op.kind === 'other' ? noteOfOther(op, facts, support, target) : op.note;
  if (!cannotRun && (facts.calls.length === 0 || facts.builtin === 'CALL_ONCE'))
    return { ...op, support, flashBytes, note };
  return {
    ...op,
    support,
    flashBytes,
    cycles: undefined,
    latencyMs: undefined,
    energyUj: undefined,
    origin: 'unsupported',
    // The reason for having no number is the support's.
    note: undefined,
  };
}

function supportOf(
  op: OpCost,
  facts: OperatorFacts,
  target: Target,
  subgraphs: readonly TfliteSubgraph[],
): Support {
  const { runtime } = target;
  const { builtin, weightFormat, activationFormat, calls } = facts;
  const { registration } = runtime;
  if (op.kind === 'other' && registration !== undefined && callOf(registration, builtin) === undefined) {
    return {
      level: 'none',
      rule: 'unsupported-operator',
      reason: `${runtime.name} has no kernel for ${builtin}: build the model without it, or write a custom kernel.`,
      remedy: undefined,
    };
  }
  if (isHybrid(weightFormat, activationFormat) && runtime.hybrid !== true) {
    return {
      level: 'none',
      rule: 'hybrid-operator',
      reason: `It has ${weightFormat ?? ''} weights and ${activationFormat} activations (dynamic-range quantisation), which ${runtime.name} cannot run: convert the model with full int8 quantisation, which takes a representative dataset.`,
      remedy: undefined,
    };
  }
  if (builtin === 'CALL_ONCE') return { level: 'fast' };
  if (calls.length > 0) {
    const names = [...new Set(calls)].map((call) => `"${subgraphs[call]?.name ?? call}"`).join(' and ');
    return {
      level: 'slow',
      rule: 'control-flow',
      reason: `${builtin} runs ${names}: what that costs stands there, and how often it runs is decided at run time, so there is no latency of the whole.`,
      remedy: undefined,
    };
  }
  if (op.support.level === 'slow' && op.support.rule === 'unknown-operator')
    return {
      ...op.support,
      reason: [unmeasured(op, builtin, target), 'Check that the firmware registers it.']
        .filter(Boolean)
        .join(' '),
    };
  return op.support;
}

/** What is to be said of an operator that `.nas` has not; nothing where it was counted what it executes. */
function unmeasured(op: OpCost, builtin: string, { build }: Target): string | undefined {
  if (build !== undefined && op.latencyMs !== undefined) return op.note;
  const priced =
    op.latencyMs === undefined
      ? 'so it has no latency, and the whole has none'
      : 'so it is priced by the bytes that it moves';
  return `What ${builtin} costs here was not ${build === undefined ? 'measured' : 'counted'}, ${priced}.`;
}

/** `undefined` where the support says it already, or the operator takes no time. */
function noteOfOther(
  op: OpCost,
  { builtin }: OperatorFacts,
  support: Support,
  target: Target,
): string | undefined {
  const isSaid =
    support.level === 'none' || (support.level === 'slow' && support.rule === 'unknown-operator');
  return isSaid || builtin === 'CALL_ONCE' ? undefined : unmeasured(op, builtin, target);
}

/** Integer weights under float activations. */
function isHybrid(weightFormat: string | undefined, activationFormat: string): boolean {
  return weightFormat !== undefined && /int/.test(weightFormat) && activationFormat === 'float32';
}
