/** The full account of one layer: what it costs on each target, from where the numbers come, how sure they are. */

import { markdownText } from '../../engine/space/index.ts';
import {
  buildText,
  type Estimate,
  formatBytes,
  formatCount,
  formatEnergy,
  formatHertz,
  formatShape,
  formatShare,
  formatTime,
  latencyTerms,
  type LatencyTerms,
  type OpCost,
  originOfEnergy,
  originOfLatency,
  originOfMemory,
  type Range,
  scheduleText,
  type Target,
} from '../../engine/cost/index.ts';
import type { KnownProfiles } from '../analysis/profiles.ts';
import { type LayerCost, memoryShown, priceExample, type TargetLayerCost } from '../analysis/costs.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { explainLink, type HoverClient, isBrief, memoryLink, plainClient } from './hover-client.ts';

/** Markdown: the numbers first, then what leads to more. A brief one leaves the explanations to a link. */
export function layerTooltip(
  snapshot: Snapshot,
  layer: LayerCost,
  client: HoverClient = plainClient,
): string {
  const head = [`**${layer.example?.op.kind.toUpperCase() ?? layer.statement.kind}**`];
  if (layer.example !== undefined) {
    const inputs = layer.example.inputs.map(formatShape).join(', ');
    head.push(`${inputs} → ${formatShape(layer.example.output)} in its dearest instance`);
  }
  head.push(layer.isPartial ? 'as far as the space can be read: it has an error' : timesRun(layer.instances));
  const sections = [
    ...layer.targets.map((cost) => lead(cost, layer.targets.length > 1)),
    ...(client.links ? [links(snapshot, layer, client)].filter((text) => text !== '') : []),
    head.join(' · '),
    ...layer.targets.map((target) => onTarget(snapshot, layer, target, client)),
  ];
  if (layer.targets.length === 0) {
    sections.push(countedOnly(layer), 'Declare a `target` to see latency, memory and energy.');
  }
  return sections.join('\n\n');
}

/** The three numbers that one looks for, before anything else. */
function lead({ target, metrics }: TargetLayerCost, isOneOfSeveral: boolean): string {
  const { latency, ram, flash } = metrics;
  const time = latency === undefined ? [] : [formatTime(latency)];
  const numbers = [...time, `${formatBytes(ram)} RAM`, `${formatBytes(flash)} flash`].join(' · ');
  return `**${numbers}**${isOneOfSeveral ? ` on ${markdownText(target.board.name)}` : ''}`;
}

function links(snapshot: Snapshot, { statement, targets }: LayerCost, client: HoverClient): string {
  const at = statement.kind === 'operator' ? statement.name.start : statement.start;
  const more = isBrief(client) && targets.length > 0 ? explainLink(snapshot, at) : '';
  return [memoryLink(snapshot), more].filter((link) => link !== '').join(' · ');
}

function timesRun({ low, high }: Range): string {
  const times = low === high ? `${low}` : `${low} to ${high}`;
  return `runs ${times} ${high === 1 ? 'time' : 'times'} per inference`;
}

function countedOnly(layer: LayerCost): string {
  return table([
    ['MACs', formatCount(layer.macs, ''), 'counted'],
    ['Parameters', formatCount(layer.parameters, ''), 'counted'],
  ]);
}

type Row = readonly [quantity: string, range: string, dearest: string];

function onTarget(snapshot: Snapshot, layer: LayerCost, cost: TargetLayerCost, client: HoverClient): string {
  const dearest = priceExample(layer, cost.target);
  const rows: Row[] = [
    ['MACs', formatCount(layer.macs, ''), dearest === undefined ? '' : formatCount(dearest.macs, '')],
    [
      'Parameters',
      formatCount(layer.parameters, ''),
      dearest === undefined ? '' : formatCount(dearest.parameters, ''),
    ],
  ];
  if (dearest?.cycles !== undefined)
    rows.push(['Cycles', '', withInterval(dearest.cycles, (n) => formatCount(n, ''))]);
  if (cost.metrics.latency !== undefined) {
    rows.push([
      'Latency',
      formatTime(cost.metrics.latency),
      dearest?.latencyMs === undefined ? '' : withInterval(dearest.latencyMs, formatTime),
    ]);
  }
  rows.push(['RAM', formatBytes(cost.metrics.ram), ramShown(snapshot, layer, cost.target)]);
  if (dearest !== undefined && dearest.scratchBytes > 0)
    rows.push(['of it scratch', '', formatBytes(dearest.scratchBytes)]);
  rows.push([
    'Flash',
    formatBytes(cost.metrics.flash),
    dearest === undefined ? '' : formatBytes(dearest.flashBytes),
  ]);
  if (cost.metrics.energy !== undefined) {
    rows.push([
      'Energy',
      formatEnergy(cost.metrics.energy),
      dearest?.energyUj === undefined ? '' : withInterval(dearest.energyUj, formatEnergy),
    ]);
  }
  const lines = [
    targetTitle(cost.target, snapshot.profiles),
    '',
    table(rows, ['', 'over the space', 'dearest instance (90 % interval)']),
  ];
  if (dearest !== undefined && isBrief(client)) {
    lines.push('', supportLine(cost), '', markdownText(dearest.note ?? originOfLatency(cost.target)));
  } else if (dearest !== undefined) {
    lines.push(...whereTimeGoes(layer, cost.target), '', ...origin(dearest, cost));
  }
  return lines.join('\n');
}

/**
 * What is alive while it runs depends on what the architecture keeps besides, so one is named: that of the page of costs.
 */
function ramShown(snapshot: Snapshot, layer: LayerCost, target: Target): string {
  const shown = memoryShown(snapshot, layer, target);
  return shown === undefined ? '' : `${formatBytes(shown)} with every choice at its last option`;
}

function withInterval(estimate: Estimate, format: (value: Range | number) => string): string {
  const value = format(estimate.value);
  return estimate.low === estimate.high
    ? value
    : `${value} (${format({ low: estimate.low, high: estimate.high })})`;
}

function origin(cost: OpCost, at: TargetLayerCost): string[] {
  const { target } = at;
  const sentences = [originOfLatency(target)];
  if (cost.note !== undefined && cost.note !== sentences[0]) sentences.push(cost.note);
  sentences.push(originOfMemory(target), originOfEnergy(target));
  sentences.push('MACs and parameters are counted.');
  return [markdownText(sentences.join(' ')), '', supportLine(at)];
}

function supportLine({ support }: TargetLayerCost): string {
  const { worst } = support;
  if (worst.level === 'fast') return 'Kernel path: fast.';
  const word = worst.level === 'none' ? 'Not supported' : 'Slow kernel path';
  return `${word}${support.always ? '' : ' in some architectures'}: ${markdownText(worst.reason)}`;
}

/** Board, runtime, build and clock, and whether the numbers rest on a profile that the workspace adds. */
export function targetTitle(target: Target, { origins }: KnownProfiles): string {
  const { board, runtime, clockHz } = target;
  const isOwn = origins.has(board) || origins.has(runtime);
  const own = isOwn ? ' (profile from your workspace)' : '';
  const name = [runtime.name, buildText(target)].filter((part) => part !== undefined).join(' ');
  const schedule = target.schedule === undefined ? '' : `, ${scheduleText(target)}`;
  return `**${markdownText(board.name)}**, ${markdownText(name)}, ${formatHertz(clockHz)}${schedule}${own}`;
}

/** A Markdown table; the first row of the argument `header` is its heading. */
export function table(
  rows: readonly Row[],
  header: readonly [string, string, string] = ['', '', ''],
): string {
  return [
    `| ${header.join(' | ')} |`,
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ].join('\n');
}

/** Smaller ones are added up. */
const leastShare = 0.01;

/** The terms of its kernel path, in its dearest instance: lines of Markdown, none where there is no latency. */
function whereTimeGoes({ example }: LayerCost, target: Target): string[] {
  const known =
    example === undefined ? undefined : latencyTerms(example.op, example.inputs, example.output, target);
  if (known === undefined || known.terms.length === 0) return [];
  const total = known.terms.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const large = known.terms.filter(({ latencyMs }) => latencyMs >= leastShare * total);
  const rest = total - large.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const rows = large.map(({ counts, amount, cyclesEach, latencyMs }) => [
    markdownText(counts),
    `${formatCount(amount, '')} × ${formatCount(cyclesEach, 'cycles')}`,
    formatTime(latencyMs),
    formatShare(latencyMs / total),
  ]);
  if (rest > 0) rows.push(['the rest', '', formatTime(rest), formatShare(rest / total)]);
  return [
    '',
    `Where the time goes, by the path *${markdownText(known.path)}*:`,
    '',
    '| | amount | time | share |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    ...invocation(known),
    ...(known.basis === undefined ? [] : ['', markdownText(known.basis)]),
  ];
}

function invocation({ invokeMs }: LatencyTerms): string[] {
  return invokeMs > 0 ? ['', `Calling the interpreter adds ${formatTime(invokeMs)} once per inference.`] : [];
}
