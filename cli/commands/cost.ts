/** `nasturtium cost`: what an architecture or a model costs on a target, layer by layer. */

import path from 'node:path';
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
import { costReport, readTflite } from '../../engine/model/index.ts';
import type { Network } from '../../engine/space/network.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { chooseArchitecture, chooseSpace, chooseTarget } from '../architecture.ts';
import type { TargetOptions } from '../architecture.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { printJson } from '../io.ts';
import type { Io } from '../io.ts';
import { loadProgram, readBytes } from '../sources.ts';
import { tableLines } from '../table.ts';

export interface CostOptions extends TargetOptions {
  readonly arch?: string | undefined;
  readonly space?: string | undefined;
  readonly json: boolean;
}

/** Every choice at the last option written, which by custom is the largest. */
const defaultArchitecture = 'max';

/** Spaces up to this size have the RAM of every architecture planned, for exact bounds: a fraction of a second. */
const visitable = 50_000n;

/** Characters of a layer's name in the table. */
const longestName = 48;

/** What is priced, and how it is called. */
interface Subject {
  readonly network: Network;
  readonly target: Target;
  readonly title: string;
  /** Present when the network is one of many. */
  readonly space: SearchSpace | undefined;
  /** Present when it was read from a `.tflite`, whose size is known and whose layers have no lines. */
  readonly file: { readonly bytes: number } | undefined;
}

export function cost(io: Io, file: string, options: CostOptions): number {
  const subject = file.endsWith('.tflite') ? modelSubject(io, file, options) : programSubject(file, options);
  const priced = price(subject.network, subject.target);
  if (options.json) printJson(io, costReport(priced, subject.target, subject.file));
  else io.out(`${humanReport(io, subject, priced).join('\n')}\n`);
  return exitCode.ok;
}

function programSubject(file: string, options: CostOptions): Subject {
  const program = loadProgram(file);
  const space = chooseSpace(program, options.space);
  const target = chooseTarget(program.analysis, file, options);
  const arch = options.arch ?? defaultArchitecture;
  const { network, name } = chooseArchitecture(space, arch);
  const single = space.size().count === 1n;
  const title = single ? space.name : `${space.name}, architecture ${name} (--arch ${arch})`;
  return { network, target, title, space: single ? undefined : space, file: undefined };
}

/** A model that somebody else trained. What is odd about it goes to standard error. */
function modelSubject(io: Io, file: string, options: CostOptions): Subject {
  const { network, problems, fileBytes } = readTflite(readBytes(file), file);
  const target = chooseTarget(undefined, file, options);
  if (network === undefined) {
    throw new CliError(
      'problems',
      `${file} cannot be priced. ${problems.map(({ message }) => message).join(' ')}`,
    );
  }
  for (const { severity, message } of problems) io.err(`${file}: ${severity}: ${message}\n`);
  return { network, target, title: path.basename(file), space: undefined, file: { bytes: fileBytes } };
}

function humanReport(io: Io, subject: Subject, priced: NetworkCost): string[] {
  const { target, space } = subject;
  const { total, memory } = priced;
  const flashBytes = subject.file?.bytes ?? total.flashBytes.value;
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
        subject.file === undefined ? String(op.source.line + 1) : '',
        shortened(op.name),
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
        formatBytes(flashBytes),
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
    `${io.style('bold', subject.title)} on ${target.board.name}`,
    '',
    io.style('bold', header),
    ...rows,
    io.style('bold', totalRow),
    '',
    `Arena  ${formatBytes(memory.headBytes + memory.tailBytes)} = ${formatBytes(memory.headBytes)} of activations and scratch, greatest in ${someOf(peaks)}, + ${formatBytes(memory.tailBytes)} of the interpreter.`,
    `Flash  ${formatBytes(flashBytes)} for the model file` +
      (total.runtimeFlashBytes === undefined
        ? '; no data on the runtime.'
        : `, and about ${formatBytes(total.runtimeFlashBytes.value)} for the runtime and its kernels.`),
  ];
  if (space !== undefined) {
    const { count: architectures, exact } = space.size();
    const size = `${exact ? '' : 'at most '}${architectures.toLocaleString('en-US')}`;
    lines.push(
      `Space  ${size} architectures: ${boundsText(boundSpace(space, target, { visit: visitable }))}.`,
    );
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
  return `${names.slice(0, shown).map(shortened).join(', ')}${more}`;
}

/** Converters name a tensor after everything that was fused into it; the first of these is enough for a table. */
function shortened(name: string): string {
  const [first = name] = name.split(';');
  return first.length <= longestName ? first : `…${first.slice(1 - longestName)}`;
}
