/** A cost for a person at a terminal: a table of layers, the arena, and what the numbers assume. */

import { counted, scheduledMetrics } from '../../engine/space/index.ts';
import {
  boundSpace,
  formatBytes,
  formatCount,
  formatEnergy,
  formatEstimate,
  formatMetric,
  formatTime,
  scheduleText,
} from '../../engine/cost/index.ts';
import { visibleLine } from '../../engine/space/index.ts';
import type { Estimate, NetworkCost, SpaceBounds } from '../../engine/cost/index.ts';
import { assumptionsOf, remarksOf, setUpSentence } from '../../engine/model/index.ts';
import type { PricedGraph, PricedModel } from '../../engine/model/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import type { Io } from '../io.ts';
import { tableLines } from '../table.ts';

/** Spaces up to this size have the RAM of every architecture planned, for exact bounds: a fraction of a second. */
const visitable = 50_000n;

/** Characters of a layer's name in the table. */
const longestName = 48;

/** What is priced, and how it is called. */
export interface Subject {
  readonly priced: PricedModel;
  readonly title: string;
  /** Which architecture of the space it is, as it was asked for. */
  readonly asked?: string | undefined;
  /** Present when the network is one of many. */
  readonly space: SearchSpace | undefined;
}

export function costTable(io: Io, { priced, title, asked, space }: Subject): string[] {
  const { target, graphs, total } = priced;
  const [first, ...others] = graphs;
  const lines = [
    `${io.style('bold', visibleLine(title + (asked === undefined ? '' : ` (--arch ${asked})`)))} on ${visibleLine(target.board.name)}`,
    '',
    ...(first === undefined ? [] : layerTable(io, first, total)),
  ];
  for (const graph of others) {
    const callers =
      graph.calledBy.length === 0 ? 'nobody runs it' : `run by ${visibleLine(graph.calledBy.join(', '))}`;
    lines.push('', `${io.style('bold', visibleLine(graph.name))}, ${callers}`, '');
    lines.push(...layerTable(io, graph, graph.cost.total));
  }
  lines.push('', ...memoryLines(priced).map(visibleLine), ...scheduleLines(priced));
  if (space !== undefined) {
    const { count: architectures, exact } = space.size();
    const number = counted(architectures, 'architecture', undefined, architectures.toLocaleString('en-US'));
    const size = `${exact ? '' : 'at most '}${number}`;
    lines.push(`Space  ${size}: ${boundsText(boundSpace(space, target, { visit: visitable }))}.`);
  }
  lines.push('', ...[...assumptionsOf(target), ...remarks(priced)].map(visibleLine));
  return lines;
}

function layerTable(io: Io, { cost, facts }: PricedGraph, total: NetworkCost['total']): string[] {
  const [header = '', ...rows] = tableLines(
    [
      { title: 'line', align: 'right' },
      { title: 'layer', align: 'left' },
      { title: 'operator', align: 'left' },
      { title: 'MACs', align: 'right' },
      { title: 'latency', align: 'left' },
      { title: 'RAM', align: 'right' },
      { title: 'flash', align: 'right' },
      { title: 'energy', align: 'right' },
      { title: 'origin', align: 'left' },
    ],
    [
      ...cost.ops.map((op, at) => [
        facts.length === 0 ? String(op.source.line + 1) : '',
        shortened(op.name),
        op.kind === 'other' ? (facts[at]?.builtin ?? op.kind) : op.kind,
        formatCount(op.macs),
        latencyText(op.latencyMs),
        formatBytes(op.ramBytes),
        formatBytes(op.flashBytes),
        energyText(op.energyUj),
        op.origin,
      ]),
      [
        '',
        'total',
        '',
        `${total.partial === undefined ? '' : 'at least '}${formatCount(total.macs.value)}`,
        latencyText(total.latency),
        formatBytes(total.ram.value),
        formatBytes(total.flash.value),
        energyText(total.energy),
        '',
      ],
    ],
  );
  const totalRow = rows.pop() ?? '';
  return [io.style('bold', header), ...rows, io.style('bold', totalRow)];
}

function memoryLines({ graphs, total, placement }: PricedModel): string[] {
  const arenas = graphs.map(({ name, cost: { memory, ops } }) => {
    const peaks = memory.peakOps
      .flatMap((index) => ops.filter((op) => op.index === index))
      .map((op) => op.name);
    const { headBytes: head, tailBytes: tail, keptBytes: kept } = memory;
    const setUp = setUpSentence(memory);
    const keeps = kept === 0 ? '' : ` + ${formatBytes(kept)} that live from one inference to the next`;
    return `Arena  ${graphs.length > 1 ? `of ${name}: ` : ''}${formatBytes(head + tail)} = ${formatBytes(head)} of activations and scratch, greatest in ${someOf(peaks)}, + ${formatBytes(tail - kept)} of the interpreter${keeps}.${setUp === undefined ? '' : ` ${setUp}`}`;
  });
  for (const { cost } of graphs) {
    const { patches } = cost.memory;
    if (patches === undefined) continue;
    const { lastOp, rows, columns, extraMacs, headBytesWhole } = patches;
    arenas.push(
      `Patches Layers 1 to ${lastOp + 1} run in ${rows} x ${columns} patches, ${formatCount(extraMacs)} MACs are done again; whole, the activations would take ${formatBytes(headBytesWhole)}.`,
    );
  }
  if (graphs.length > 1) {
    arenas.push(
      `Arena  of the model, with the graphs that run inside of others: ${formatBytes(total.ram.value)}.`,
    );
  }
  return [
    ...arenas,
    `Memory ${placement.message}`,
    `Flash  ${formatBytes(total.flash.value)} for the model file` +
      (total.runtimeFlashBytes === undefined
        ? '; no data on the runtime.'
        : `, and about ${formatBytes(total.runtimeFlashBytes.value)} for the runtime and its kernels.`),
  ];
}

function scheduleLines({ total, target }: PricedModel): string[] {
  if (target.schedule === undefined) return [];
  const costs = scheduledMetrics.flatMap((metric) => {
    const estimate = total[metric];
    return estimate === undefined ? [] : [`${metric} ${formatEstimate(metric, estimate)}`];
  });
  return [`Sleep  ${scheduleText(target)}: ${costs.length === 0 ? 'no data' : costs.join(', ')}.`];
}

const latencyText = (latency: Estimate | undefined) =>
  latency === undefined ? 'no data' : formatEstimate('latency', latency);

const energyText = (energy: Estimate | undefined) =>
  energy === undefined ? 'no data' : formatEnergy(energy.value);

/** The least and the most that any architecture costs. */
function boundsText(bounds: SpaceBounds): string {
  const { total } = bounds;
  const latency = total.latency === undefined ? 'no data on latency' : `latency ${formatTime(total.latency)}`;
  const scheduled = scheduledMetrics.flatMap((metric) => {
    const bound = bounds.scheduled[metric];
    return bound === undefined ? [] : [`, ${metric} ${formatMetric(metric, bound)}`];
  });
  return `${latency}, RAM ${formatBytes(total.ram)}, flash ${formatBytes(total.flash)}${scheduled.join('')}`;
}

/** What is to be said of layers: no number, an unusually wide interval, a slow kernel, idle channels; each once. */
function remarks({ graphs, target }: PricedModel): string[] {
  const layers = new Map<string, string[]>();
  for (const graph of graphs) {
    graph.cost.ops.forEach((op, at) => {
      for (const sentence of remarksOf(graph, at, target)) {
        layers.set(sentence, [...(layers.get(sentence) ?? []), op.name]);
      }
    });
  }
  return [...layers].map(([sentence, names]) => `- ${someOf(names)}: ${sentence}`);
}

/** The first few names, and how many more there are. */
function someOf(names: readonly string[]): string {
  const shown = 3;
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.slice(0, shown).map(shortened).join(', ')}${more}`;
}

/** Converters name a tensor after everything that was fused into it; the first of these is enough for a table. */
function shortened(name: string): string {
  const [first = ''] = visibleLine(name).split(';');
  return first.length <= longestName ? first : `…${first.slice(1 - longestName)}`;
}
