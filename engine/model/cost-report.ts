/**
 * A priced network as plain data with units in the names: what `nasturtium cost --json` prints and what the
 * report of an export repeats. Version 1; documented in `docs/cli.md` and checked by `cli/schema/cost.schema.json`.
 */

import type { Estimate, NetworkCost, Origin, Target } from '../cost/index.ts';
import { type ScheduledMetric, scheduledMetrics } from '../space/metrics.ts';
import type { OpKind } from '../space/network.ts';
import type { PricedGraph, PricedModel } from './price-model.ts';
import type { ZeroChannels } from './zero-channels.ts';

/** `null` where no data supports a number. */
export interface IntervalReport {
  readonly value: number;
  /** With `high`, holds the true value with 90 % confidence. */
  readonly low: number;
  readonly high: number;
}

export interface LayerReport {
  readonly name: string;
  readonly op: OpKind;
  /** Line of the source text, counted from 1; `null` for a layer of a `.tflite`, which has no text. */
  readonly line: number | null;
  readonly macs: number;
  readonly latency_ms: IntervalReport | null;
  /** Activations alive while it runs, and its scratch buffer. */
  readonly ram_bytes: number;
  readonly flash_bytes: number;
  readonly energy_uj: number | null;
  readonly origin: Origin;
  /** Only where a layer of a `.tflite` has any: output channels of which every weight is zero. */
  readonly zero_channels?: ZeroChannels;
}

/** Only where the target has a schedule, and of the battery where it has one; `null` where no data supports a number. */
export interface ScheduleReport {
  /** Of the microcontroller, over the periods of the schedule. */
  readonly average_power_uw?: IntervalReport | null;
  readonly battery_life_days?: IntervalReport | null;
}

const scheduleKeys = {
  'average power': 'average_power_uw',
  'battery life': 'battery_life_days',
} as const satisfies Readonly<Record<ScheduledMetric, keyof ScheduleReport>>;

export interface TotalReport extends ScheduleReport {
  /** Of the operators in which they can be counted: at least so many where some are {@link partial}. */
  readonly macs: number;
  /** Only where there are any: layers that multiply how often nobody can say; `macs` is without them. */
  readonly partial?: readonly string[];
  readonly latency_ms: IntervalReport | null;
  /** The tensor arena that setting the network up needs. */
  readonly ram_bytes: number;
  /** The model file. */
  readonly flash_bytes: number;
  readonly energy_uj: number | null;
}

export interface CostReport {
  readonly schema: 1;
  readonly target: string;
  readonly runtime: string;
  readonly layers: readonly LayerReport[];
  readonly total: TotalReport;
  /** Only for a `.tflite` with several graphs: those after the first, each priced by itself. */
  readonly subgraphs?: readonly SubgraphReport[];
}

export interface SubgraphReport {
  readonly name: string;
  /** Layers that run it, as `graph/layer`. */
  readonly called_by: readonly string[];
  readonly layers: readonly LayerReport[];
  readonly total: TotalReport;
}

/** Significant digits kept of fitted numbers; the intervals are far wider than what is cut off. */
const digits = 6;
const rounded = (value: number) => Number(value.toPrecision(digits));

export function interval(estimate: Estimate): IntervalReport;
export function interval(estimate: Estimate | undefined): IntervalReport | null;
export function interval(estimate: Estimate | undefined): IntervalReport | null {
  if (estimate === undefined) return null;
  return { value: rounded(estimate.value), low: rounded(estimate.low), high: rounded(estimate.high) };
}

export function scheduleReport(total: NetworkCost['total'], { schedule }: Target): ScheduleReport {
  const told = scheduledMetrics.filter(
    (metric) => schedule !== undefined && (metric !== 'battery life' || schedule.battery !== undefined),
  );
  return Object.fromEntries(told.map((metric) => [scheduleKeys[metric], interval(total[metric])]));
}

/** What is told of a schedule, by its metrics. */
export function toldOfSchedule(
  report: ScheduleReport,
): (readonly [metric: ScheduledMetric, value: IntervalReport | null])[] {
  return scheduledMetrics.flatMap((metric) => {
    const value = report[scheduleKeys[metric]];
    return value === undefined ? [] : [[metric, value] as const];
  });
}

const energy = (estimate: Estimate | undefined) => (estimate === undefined ? null : rounded(estimate.value));

/** Of a network that has a text, or whose text does not matter. */
export function costReport(cost: NetworkCost, target: Target): CostReport {
  return {
    schema: 1,
    target: target.board.id,
    runtime: target.runtime.id,
    layers: layersOf(cost, []),
    total: totalOf(cost.total, target),
  };
}

/** Of a `.tflite`, whose layers have no lines. */
export function modelCostReport({ target, graphs, total }: PricedModel): CostReport {
  const [first, ...others] = graphs;
  return {
    schema: 1,
    target: target.board.id,
    runtime: target.runtime.id,
    layers: first === undefined ? [] : layersOf(first.cost, first.facts),
    total: totalOf(total, target),
    ...(others.length === 0 ? {} : { subgraphs: others.map((graph) => subgraphOf(graph, target)) }),
  };
}

function subgraphOf({ name, cost, facts, calledBy }: PricedGraph, target: Target): SubgraphReport {
  return { name, called_by: calledBy, layers: layersOf(cost, facts), total: totalOf(cost.total, target) };
}

function layersOf(cost: NetworkCost, facts: PricedGraph['facts']): LayerReport[] {
  return cost.ops.map((op, at) => {
    const zero = facts[at]?.zeroChannels;
    return {
      name: op.name,
      op: op.kind,
      line: facts.length === 0 ? op.source.line + 1 : null,
      macs: op.macs,
      latency_ms: interval(op.latencyMs),
      ram_bytes: Math.round(op.ramBytes),
      flash_bytes: Math.round(op.flashBytes),
      energy_uj: energy(op.energyUj),
      origin: op.origin,
      ...(zero === undefined || zero.zero === 0 ? {} : { zero_channels: zero }),
    };
  });
}

function totalOf(total: NetworkCost['total'], target: Target): TotalReport {
  return {
    macs: total.macs.value,
    ...(total.partial === undefined ? {} : { partial: total.partial }),
    latency_ms: interval(total.latency),
    ram_bytes: Math.round(total.ram.value),
    flash_bytes: Math.round(total.flash.value),
    energy_uj: energy(total.energy),
    ...scheduleReport(total, target),
  };
}
