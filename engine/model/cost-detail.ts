/**
 * Everything that is known of a cost, as plain data for a page: the Cost View of the editor shows it, and the HTML
 * report is made from it. `nasturtium cost --detail --json` prints it as `detail` beside the report.
 */

import {
  formatBytes,
  formatCount,
  formatHertz,
  originOfEnergy,
  originOfLatency,
  originOfMemory,
  originOfSchedule,
} from '../cost/index.ts';
import type { NetworkCost, Support, Target } from '../cost/index.ts';
import { interval, type IntervalReport, scheduleReport, type ScheduleReport } from './cost-report.ts';
import { labelsOf, type LabelOf } from './layer-label.ts';
import { memoryChart, setUpSentence } from './memory-chart.ts';
import type { PricedGraph, PricedModel } from './price-model.ts';
import type { TfliteProblem } from './tflite-reader.ts';

export interface LayerDetail {
  /** Unique in the graph. */
  readonly name: string;
  /** Enough of it for a person. */
  readonly label: string;
  /** e.g. `conv_2d`; the schema's name for an operator that a `.nas` file cannot say. */
  readonly op: string;
  readonly line: number | null;
  /** What goes in and comes out, e.g. `32x32x3 int8 → 16x16x8 int8`. */
  readonly shapes: string;
  readonly macs: number;
  readonly latency_ms: IntervalReport | null;
  readonly ram_bytes: number;
  readonly scratch_bytes: number;
  readonly flash_bytes: number;
  readonly energy_uj: IntervalReport | null;
  readonly support: Support['level'];
  /** The layer makes the peak of the arena. */
  readonly peak: boolean;
  /** Full sentences: why it cannot run or runs slowly, what is odd about its weights, why its interval is wide. */
  readonly remarks: readonly string[];
}

export interface BufferDetail {
  readonly name: string;
  readonly kind: string;
  readonly bytes: number;
  readonly offset: number;
  /** Positions of the layers between which it is kept, inclusive. */
  readonly first: number;
  readonly last: number;
  readonly peak: boolean;
}

export interface GraphDetail {
  readonly name: string;
  readonly called_by: readonly string[];
  readonly layers: readonly LayerDetail[];
  readonly total: {
    readonly macs: number;
    readonly parameters: number;
    readonly latency_ms: IntervalReport | null;
    readonly energy_uj: IntervalReport | null;
  };
  readonly memory: {
    readonly head_bytes: number;
    readonly tail_bytes: number;
    /** What the arena must have for the network to be set up. */
    readonly needed_bytes: number;
    readonly buffers: readonly BufferDetail[];
    /** The lifetime chart as an SVG without colours of its own; its classes are those of {@link memoryChart}. */
    readonly chart: string;
    /** Which layer makes the peak, and of what; and whether setting the network up takes more. */
    readonly peak: string;
    /** What running the first layers patch by patch costs and saves; `null` where every layer runs once. */
    readonly patches: string | null;
  };
}

export interface CostDetail {
  readonly title: string;
  readonly target: {
    readonly board: string;
    readonly board_name: string;
    readonly runtime: string;
    readonly runtime_name: string;
    readonly clock_hz: number;
  };
  readonly total: {
    /** At least so many where some are {@link partial}. */
    readonly macs: number;
    /** Layers that multiply how often nobody can say; absent where there is none. */
    readonly partial?: readonly string[];
    readonly parameters: number;
    readonly latency_ms: IntervalReport | null;
    readonly ram_bytes: IntervalReport;
    /** Arena, static data and stack; `null` when no data supports it. */
    readonly program_ram_bytes: IntervalReport | null;
    readonly flash_bytes: IntervalReport;
    /** Kernels and interpreter; `null` when no data supports it. */
    readonly runtime_flash_bytes: IntervalReport | null;
    readonly energy_uj: IntervalReport | null;
  } & ScheduleReport;
  /** Where the arena lies, or by how much it misses. */
  readonly placement: {
    /** The fastest bank that holds it, names joined by ` + ` where it takes several; `null` when none does. */
    readonly bank: string | null;
    readonly fits: boolean;
    readonly message: string;
  };
  readonly graphs: readonly GraphDetail[];
  /** What is odd about the file. */
  readonly problems: readonly TfliteProblem[];
  /** Full sentences: what the numbers assume and where they come from. */
  readonly assumptions: readonly string[];
}

export function costDetail(
  model: PricedModel,
  title: string,
  problems: readonly TfliteProblem[] = [],
): CostDetail {
  const { target, total, graphs } = model;
  const { bank, fits, message } = model.placement;
  return {
    title,
    target: {
      board: target.board.id,
      board_name: target.board.name,
      runtime: target.runtime.id,
      runtime_name: target.runtime.name,
      clock_hz: target.clockHz,
    },
    total: {
      macs: total.macs.value,
      ...(total.partial === undefined ? {} : { partial: total.partial }),
      parameters: total.parameters.value,
      latency_ms: interval(total.latency),
      ram_bytes: interval(total.ram),
      program_ram_bytes: interval(total['ram total']),
      flash_bytes: interval(total.flash),
      runtime_flash_bytes: interval(total.runtimeFlashBytes),
      energy_uj: interval(total.energy),
      ...scheduleReport(total, target),
    },
    placement: { bank: bank?.name ?? null, fits, message },
    graphs: graphs.map((graph) => graphDetail(graph, target)),
    problems,
    assumptions: assumptionsOf(target),
  };
}

/** What every number of a target assumes, in full sentences. */
export function assumptionsOf(target: Target): string[] {
  const scheduled = originOfSchedule(target);
  return [
    `Assumes ${target.runtime.id} at ${formatHertz(target.clockHz)}. ${target.runtime.description}`,
    originOfLatency(target),
    originOfMemory(target),
    originOfEnergy(target),
    ...(scheduled === undefined ? [] : [scheduled]),
    'Intervals hold the true value with 90 % confidence.',
  ];
}

function graphDetail(graph: PricedGraph, target: Target): GraphDetail {
  const { cost, name, calledBy } = graph;
  const { memory, total } = cost;
  const atPeak = new Set(memory.peakBuffers);
  const labelOf = labelsOf(cost.ops.map((op) => op.name));
  return {
    name,
    called_by: calledBy,
    layers: cost.ops.map((_, at) => layerDetail(graph, at, target, labelOf)),
    total: {
      macs: total.macs.value,
      parameters: total.parameters.value,
      latency_ms: interval(total.latency),
      energy_uj: interval(total.energy),
    },
    memory: {
      head_bytes: memory.headBytes,
      tail_bytes: memory.tailBytes,
      needed_bytes: memory.neededBytes,
      buffers: memory.buffers.map((buffer, index) => ({
        name: labelOf(buffer.name),
        kind: buffer.kind,
        bytes: buffer.bytes,
        offset: buffer.offset,
        first: buffer.firstUse,
        last: buffer.lastUse,
        peak: atPeak.has(index),
      })),
      chart: memoryChart(cost, name),
      peak: peakSentence(cost, labelOf),
      patches: patchSentence(cost),
    },
  };
}

function layerDetail(graph: PricedGraph, at: number, target: Target, labelOf: LabelOf): LayerDetail {
  const { network, cost, facts } = graph;
  const op = network.ops[at];
  const figures = cost.ops[at];
  if (op === undefined || figures === undefined) throw new RangeError(`There is no layer ${at}.`);
  const shapeOf = (id: number) => {
    const tensor = network.tensors.find((each) => each.id === id);
    if (tensor === undefined) return '';
    return tensor.shape.includes(0) ? 'nothing' : `${tensor.shape.join('x')} ${tensor.dtype}`;
  };
  const inputs = op.inputs.map(shapeOf).join(', ') || 'nothing';
  return {
    name: figures.name,
    label: labelOf(figures.name),
    op: op.kind === 'other' ? op.tfliteName : op.kind,
    line: facts.length === 0 ? figures.source.line + 1 : null,
    shapes: `${inputs} → ${shapeOf(op.output)}`,
    macs: figures.macs,
    latency_ms: interval(figures.latencyMs),
    ram_bytes: Math.round(figures.ramBytes),
    scratch_bytes: Math.round(figures.scratchBytes),
    flash_bytes: Math.round(figures.flashBytes),
    energy_uj: interval(figures.energyUj),
    support: figures.support.level,
    peak: cost.memory.peakOps.includes(figures.index),
    remarks: remarksOf(graph, at, target),
  };
}

/** Full sentences about one layer, the gravest first. */
export function remarksOf(graph: PricedGraph, at: number, target: Target): string[] {
  const op = graph.cost.ops[at];
  if (op === undefined) return [];
  const remarks: string[] = [];
  if (op.support.level !== 'fast') remarks.push(op.support.reason);
  const zero = zeroChannelSentence(graph, at, target);
  if (zero !== undefined) remarks.push(zero);
  if (op.note !== undefined && !remarks.includes(op.note)) remarks.push(op.note);
  if (graph.cost.total.partial?.includes(op.name) === true)
    remarks.push('How often it multiplies is not known: the total of the MACs is without it.');
  return remarks;
}

/** What it means that channels of a layer hold nothing but zeros, or are left out; `undefined` when none is. */
function zeroChannelSentence(
  { facts, leftOut }: PricedGraph,
  at: number,
  target: Target,
): string | undefined {
  const counted = facts[at]?.zeroChannels;
  const zero = counted?.zero ?? 0;
  const out = leftOut?.[at] ?? 0;
  const { name, zeroChannels } = target.runtime;
  const has = `${zero} of ${counted?.channels ?? 0} output channels have only zero weights`;
  if (out > 0) {
    const which =
      zero > 0
        ? `${has}, and ${out} are priced as left out`
        : `${out} output channels are priced as left out`;
    const reach =
      zeroChannels?.leftOut === 'known'
        ? ''
        : ', as published latencies make likely: the interval reaches up to what computing them takes';
    return `${which}, because they hold nothing that the input changes or a later layer reads. ${name} does so${reach}. RAM and flash are those of the whole.`;
  }
  if (zero === 0) return undefined;
  return zeroChannels === undefined
    ? `${has}, and ${name} computes them like any other: a model without them would be quicker and smaller. X-CUBE-AI 8.1 and later leave them out.`
    : `${has}, but what they put out is needed: they are priced like any other. A model without them would be quicker and smaller.`;
}

/** Which layers make the peak, and the greatest buffers that are alive then. */
function peakSentence({ memory, ops }: NetworkCost, labelOf: LabelOf): string {
  const layers = ops.flatMap((op, at) =>
    memory.peakOps.includes(op.index) ? [`layer ${at + 1} (${labelOf(op.name)})`] : [],
  );
  const buffers = memory.peakBuffers.flatMap((index) => {
    const buffer = memory.buffers[index];
    if (buffer === undefined || buffer.kind === 'persistent') return [];
    const name = labelOf(buffer.name);
    const what =
      buffer.kind === 'scratch'
        ? `scratch of ${name}`
        : buffer.op < 0
          ? 'the input'
          : `the output of ${name}`;
    return [`${what} (${formatBytes(buffer.bytes)})`];
  });
  if (layers.length === 0) return 'Nothing is kept in the arena.';
  const setUp = setUpSentence(memory);
  return `The peak of ${formatBytes(memory.headBytes)} is in ${few(layers, 2)}: ${few(buffers, 3)}.${setUp === undefined ? '' : ` ${setUp}`}`;
}

function patchSentence({ memory: { patches } }: NetworkCost): string | null {
  if (patches === undefined) return null;
  const { lastOp, rows, columns, extraMacs, headBytesWhole } = patches;
  return `Layers 1 to ${lastOp + 1} run in ${rows} x ${columns} patches, which costs ${formatCount(extraMacs)} more MACs; run whole, they would need ${formatBytes(headBytesWhole)}.`;
}

function few(names: readonly string[], shown: number): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return names.slice(0, shown).join(', ') + more;
}
