/** `nasturtium cost`: what an architecture costs on a target, layer by layer. */

import {
  boundSpace,
  formatBound,
  formatBytes,
  formatCount,
  formatEstimate,
  formatMicrojoules,
  formatMilliseconds,
  originOfEnergy,
  originOfLatency,
  originOfMemory,
  price,
} from '../../engine/cost/index.ts';
import type { Estimate, NetworkCost, OpCost, SpaceBounds, Target } from '../../engine/cost/index.ts';
import { costReport } from '../../engine/model/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { chooseArchitecture, chooseSpace, chooseTarget } from '../architecture.ts';
import type { ChosenArchitecture, TargetOptions } from '../architecture.ts';
import { exitCode } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io } from '../io.ts';
import { loadProgram } from '../sources.ts';
import { tableLines } from '../table.ts';

export interface CostOptions extends TargetOptions {
  readonly arch?: string | undefined;
  readonly space?: string | undefined;
  readonly json: boolean;
}

/** Every choice at the last option written, which by custom is the largest. */
const defaultArchitecture = 'max';

export function cost(io: Io, file: string, options: CostOptions): number {
  const program = loadProgram(file);
  const space = chooseSpace(program, options.space);
  const target = chooseTarget(program.analysis, file, options);
  const chosen = chooseArchitecture(space, options.arch ?? defaultArchitecture);
  const priced = price(chosen.network, target);
  if (options.json) printJson(io, costReport(priced, target));
  else io.out(`${humanReport(io, space, chosen, priced, target, options).join('\n')}\n`);
  return exitCode.ok;
}

function humanReport(
  io: Io,
  space: SearchSpace,
  chosen: ChosenArchitecture,
  priced: NetworkCost,
  target: Target,
  options: CostOptions,
): string[] {
  const { count: architectures, exact } = space.size();
  const single = architectures === 1n;
  const which = single ? '' : `, architecture ${chosen.name} (--arch ${options.arch ?? defaultArchitecture})`;
  const { total, memory } = priced;
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
      ...priced.ops.map((op) => [
        String(op.source.line + 1),
        op.name,
        op.kind,
        formatCount(op.macs),
        latencyText(op.latencyMs),
        formatBytes(op.ramBytes),
        formatBytes(op.flashBytes),
        op.energyUj === undefined ? 'no data' : formatMicrojoules(op.energyUj.value),
        op.origin,
      ]),
      [
        '',
        'total',
        '',
        formatCount(total.macs),
        latencyText(total.latencyMs),
        formatBytes(total.ramBytes.value),
        formatBytes(total.flashBytes.value),
        total.energyUj === undefined ? 'no data' : formatMicrojoules(total.energyUj.value),
        '',
      ],
    ],
  );
  const totalRow = rows.pop() ?? '';
  const peaks = memory.peakOps
    .flatMap((index) => priced.ops.filter((op) => op.index === index))
    .map((op) => op.name);
  const lines = [
    `${io.style('bold', space.name)} on ${target.board.name}${which}`,
    '',
    io.style('bold', header),
    ...rows,
    io.style('bold', totalRow),
    '',
    `Arena  ${formatBytes(memory.headBytes + memory.tailBytes)} = ${formatBytes(memory.headBytes)} of activations and scratch, greatest in ${someOf(peaks)}, + ${formatBytes(memory.tailBytes)} of the interpreter.`,
    `Flash  ${formatBytes(total.flashBytes.value)} for the model file` +
      (total.runtimeFlashBytes === undefined
        ? '; no data on the runtime.'
        : `, and about ${formatBytes(total.runtimeFlashBytes.value)} for the runtime and its kernels.`),
  ];
  if (!single) {
    const size = `${exact ? '' : 'at most '}${architectures.toLocaleString('en-US')}`;
    lines.push(`Space  ${size} architectures: ${boundsText(boundSpace(space, target))}.`);
  }
  lines.push('', ...assumptions(target), ...remarks(priced.ops));
  return lines;
}

const latencyText = (latency: Estimate | undefined) =>
  latency === undefined ? 'no data' : formatEstimate(latency, formatMilliseconds);

/** The least and the most that any architecture costs. */
function boundsText({ total }: SpaceBounds): string {
  const latency =
    total.latencyMs === undefined
      ? 'no data on latency'
      : `latency ${formatBound(total.latencyMs, formatMilliseconds)}`;
  return `${latency}, RAM ${formatBound(total.ramBytes, formatBytes)}, flash ${formatBound(total.flashBytes, formatBytes)}`;
}

function assumptions(target: Target): string[] {
  return [
    `Assumes ${target.runtime.id} at ${target.clockHz / 1e6} MHz. ${target.runtime.description}`,
    originOfLatency(target),
    originOfMemory(target),
    originOfEnergy(target),
    'Intervals hold the true value with 90 % confidence.',
  ];
}

/** Why a layer has no number, an unusually wide interval, or a slow kernel; each reason once. */
function remarks(ops: readonly OpCost[]): string[] {
  const layers = new Map<string, string[]>();
  for (const op of ops) {
    const reasons = [op.support.level === 'fast' ? undefined : op.support.reason, op.note];
    for (const reason of new Set(reasons)) {
      if (reason !== undefined) layers.set(reason, [...(layers.get(reason) ?? []), op.name]);
    }
  }
  return [...layers].map(([reason, names]) => `- ${someOf(names)}: ${reason}`);
}

/** The first few names, and how many more there are. */
function someOf(names: readonly string[]): string {
  const shown = 3;
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.slice(0, shown).join(', ')}${more}`;
}
