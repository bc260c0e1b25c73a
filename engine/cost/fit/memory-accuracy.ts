/**
 * Planned memory beside published figures: arenas, whole programs and flash. Rows that may live in the project are in
 * `device-profiles/measurements/memory.csv`; of those that may not, errors alone enter `memory-outside.json`.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Network, Tensor } from '../../space/network.ts';
import { price } from '../price.ts';
import { shippedProfiles } from '../resolve.ts';
import type { Runtime } from '../../../device-profiles/types.ts';
import type { Target } from '../target.ts';
import { mean, median, round, withinTenPercent } from './intervals.ts';
import outside from './memory-outside.json' with { type: 'json' };
import { networkFromDefinition, type NetworkDefinition } from './network-definition.ts';
import { measuredLayer } from './observations.ts';
import { measurementsFolder, readNetwork } from './read.ts';

/** What a published figure counts. */
type Counted = 'arena' | 'program' | 'activations' | 'flash' | 'code';

interface MemoryRow {
  readonly source: string;
  /** Ids of the board and runtime that the network is priced for. */
  readonly board: string;
  readonly runtime: string;
  readonly network: string;
  readonly what: Counted;
  readonly bytes: string;
  /** Bytes to which the source rounds, or in which it searched for the arena: 1 for an exact value. */
  readonly step: string;
  /** Month of the runtime's sources; empty for those of the target. */
  readonly sources: string;
  /** Bytes that each operator, and each convolution, takes beyond what the sources say: see the README beside the rows. */
  readonly per_operator: string;
  readonly per_convolution: string;
  readonly note: string;
}

export interface MemoryCheck {
  readonly source: string;
  readonly runtime: string;
  readonly network: string;
  readonly what: Counted;
  readonly published: number;
  readonly step: number;
  readonly planned: number;
  /** Of RAM: where the plan says that it lies. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly note: string;
}

/** The target with what a row says of the runtime's memory. */
function withMemory({ board, runtime, clockHz }: Target, memory: Partial<Runtime['memory']>): Target {
  return { board, runtime: { ...runtime, memory: { ...runtime.memory, ...memory } }, clockHz };
}

/** The target as the row was measured with it. */
function measuredTarget(row: MemoryRow): Target {
  const { board, runtime, what, step, sources } = row;
  const [each, convolution] = [Number(row.per_operator), Number(row.per_convolution)];
  const target = targetOf(board, runtime);
  const { program } = target.runtime.memory;
  const inSteps = what === 'program' && program && { program: { ...program, arenaStep: Number(step) } };
  const build = {
    boards: [board],
    build: row.source,
    ...(sources !== '' && { sourcesOf: sources }),
    more: { operators: each + convolution, '[filters<1]': -convolution },
  };
  const isOther = sources !== '' || each > 0 || convolution > 0;
  return withMemory(target, { ...inSteps, ...(isOther && { builds: [build] }) });
}

/** A target without asking whether the board lists the runtime: older builds are no longer offered. */
function targetOf(boardId: string, runtimeId: string): Target {
  const board = shippedProfiles.boards.find(({ id }) => id === boardId);
  const runtime = shippedProfiles.runtimes.find(({ id }) => id === runtimeId);
  if (board === undefined || runtime === undefined) {
    throw new Error(`memory.csv: there is no board ${boardId} or no runtime ${runtimeId}.`);
  }
  return { board, runtime, clockHz: board.clock.defaultHz };
}

function plannedBytes(network: Network, target: Target, what: Counted): number {
  const { total, memory } = price(network, target);
  switch (what) {
    case 'arena':
      return memory.headBytes + memory.tailBytes;
    case 'activations':
      return memory.headBytes;
    case 'program':
      return total['ram total']?.value ?? Number.NaN;
    case 'code':
      return total.runtimeFlashBytes?.value ?? Number.NaN;
    case 'flash':
      return total['flash total']?.value ?? Number.NaN;
  }
}

export function memoryChecks(): readonly MemoryCheck[] {
  const file = path.join(measurementsFolder, 'memory.csv');
  const rows: MemoryRow[] = parse(readFileSync(file), { columns: true });
  return rows.map((row) => {
    const { source, runtime, network, what, bytes, step, note } = row;
    const measured = readNetwork(network);
    const target = measuredTarget(row);
    const planned = plannedBytes(measured, target, what);
    const { low, value, high } = price(measured, target).total.ram;
    const interval = { low: planned - (value - low), high: planned + (high - value) };
    return {
      source,
      runtime,
      network,
      what,
      published: Number(bytes),
      step: Number(step),
      planned,
      interval,
      note,
    };
  });
}

interface OutsideFigures {
  readonly what: string;
  readonly rows: number;
  readonly median: number;
  readonly mean: number;
  readonly withinTwoPercent: number;
  readonly withinTenPercent: number;
  /** Share of plans that are less than what was published. */
  readonly below: number;
}

function figuresOf(what: string, ratios: readonly number[]): OutsideFigures {
  const errors = ratios.map((ratio) => Math.abs(ratio - 1));
  const share = (holds: (ratio: number) => boolean): number =>
    round(ratios.filter(holds).length / ratios.length, 3);
  return {
    what,
    rows: ratios.length,
    median: round(median(errors), 3),
    mean: round(mean(errors), 3),
    withinTwoPercent: share((ratio) => Math.abs(ratio - 1) <= 0.02),
    withinTenPercent: round(withinTenPercent(errors), 3),
    below: share((ratio) => ratio < 1 - 1e-9),
  };
}

/** A network of one operator, from a row of single layers. */
function singleLayer(row: Readonly<Record<string, string>>): Network | undefined {
  const layer = measuredLayer(row);
  if (layer === undefined) return undefined;
  const tensors: Tensor[] = [...layer.inputs, layer.output].map((spec, id) => ({ ...spec, id }));
  const inputs = layer.inputs.map((_, id) => id);
  const output = inputs.length;
  const source = { file: '', line: 0, start: 0, end: 0 };
  const op = { ...layer.op, index: 0, name: row.op ?? '', inputs, output, moreOutputs: [], source };
  return { name: 'layer', tensors, inputs, outputs: [output], ops: [op] };
}

/** Bytes that the program of the layers' source keeps in its arena beyond what TFLite Micro does: the most of any layer. */
const keptBesides = 240;

function arenasOfLayers(folder: string): OutsideFigures {
  const file = path.join(folder, 'measurements', 'single_layers.csv');
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  const board = 'nucleo-f446re';
  const build = {
    boards: [board],
    build: 'KIT',
    sourcesOf: '2021-12',
    more: { operators: keptBesides },
  };
  const target = withMemory(targetOf(board, 'tflm + cmsis-nn'), { builds: [build] });
  const ratios = rows.flatMap((row) => {
    const published = Number(row.arena_used_bytes);
    const network = singleLayer(row);
    return published > 0 && network !== undefined ? [plannedBytes(network, target, 'arena') / published] : [];
  });
  return figuresOf(
    `Arenas of single layers, TFLM with CMSIS-NN (KIT), with ${keptBesides} B of its program`,
    ratios,
  );
}

/** Activations that ST's model zoo lists, each network and value once. */
function activationsOfZoo(folder: string): readonly OutsideFigures[] {
  const file = path.join(folder, 'measurements', 'networks_and_ops.csv');
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  const seen = new Set<string>();
  const ratios = rows.flatMap(({ runtime = '', note = '', model_json: name = '' }): [boolean, number][] => {
    const kilobytes = /activations ([\d.]+) \+ runtime/.exec(note)?.[1];
    const definition = path.join(folder, 'networks', `${name}.json`);
    const key = `${name} ${kilobytes ?? ''}`;
    const isUsable = /^X-CUBE-AI [78]/.test(runtime) && name !== '' && existsSync(definition);
    if (!isUsable || kilobytes === undefined || seen.has(key)) return [];
    seen.add(key);
    const network = networkFromDefinition(JSON.parse(readFileSync(definition, 'utf8')) as NetworkDefinition);
    const target = targetOf('stm32h747i-disco', runtime.includes('7.3') ? 'x-cube-ai 7' : 'x-cube-ai 8');
    return [[/_ssd_/.test(name), plannedBytes(network, target, 'activations') / (Number(kilobytes) * 1024)]];
  });
  return [
    figuresOf(
      'Activations of networks of ST’s model zoo, X-CUBE-AI 7 and 8',
      ratios.filter(([isDetector]) => !isDetector).map(([, ratio]) => ratio),
    ),
    figuresOf(
      'The same, of detection networks (SSD)',
      ratios.filter(([isDetector]) => isDetector).map(([, ratio]) => ratio),
    ),
  ];
}

/** Writes the errors on rows that may not enter the project. @param folder as of `npm run fit -- --with` */
export function writeOutsideMemory(folder: string): void {
  const figures = [arenasOfLayers(folder), ...activationsOfZoo(folder)];
  const file = path.join(import.meta.dirname, 'memory-outside.json');
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`;

/** A figure as its source prints it: in KB of 1,024 B, in kB of 1,000 B, or in bytes. */
function printed(bytes: number, step: number): string {
  if (step === 1) return `${bytes} B`;
  const [unit, name] = step % 100 === 0 ? [1000, 'kB'] : [1024, 'KB'];
  return `${(bytes / unit).toFixed(step < unit ? 1 : 0)} ${name}`;
}

function rowsOf(checks: readonly MemoryCheck[]): string {
  return checks
    .map((check) => {
      const { runtime, network, source, published, step, planned, note } = check;
      const value = printed(published, step);
      const name = note === '' ? network : `${network} (${note})`;
      return `| ${runtime} | ${name} | ${source.split('@')[0] ?? source} | ${value} | ${Math.round(planned)} B | ${signed(planned / published - 1)} |`;
    })
    .join('\n');
}

const head = `| Runtime | Network | Source | Published | Planned | Difference |
| ------- | ------- | ------ | --------- | ------- | ---------- |`;

/** The section "Arena, RAM and flash" of `docs/accuracy.md`. */
export function memorySection(): string {
  const checks = memoryChecks();
  const arenas = checks.filter(({ what }) => what === 'arena');
  const isTflm = ({ runtime }: MemoryCheck): boolean => runtime.startsWith('tflm');
  const outsideRows = (outside as readonly OutsideFigures[])
    .map(
      (entry) =>
        `| ${entry.what} | ${entry.rows} | ${percent(entry.median)} | ${percent(entry.mean)} | ${percent(entry.withinTwoPercent, 0)} | ${percent(entry.withinTenPercent, 0)} | ${percent(entry.below, 0)} |`,
    )
    .join('\n');
  return `## Arena, RAM and flash

The arena of TFLite Micro from its own structures: what its planner lays out, and what its interpreter keeps of each tensor,
operator and buffer, by the month of its sources. Beside TFLite Micro itself, run in an emulator on 624 models in 12 builds (two
versions, with and without CMSIS-NN, four cores; \`test/fixtures/arenas\`), no plan is less than the least arena with which
\`AllocateTensors\` succeeds, and all are within 2 % or 100 B of it; the activations and scratch are exact on all 7,244 rows
(\`engine/model/arenas.test.ts\`). What a network needs to be set up may be more than what it uses afterwards, and that is what limits
and exported sources hold.

Published values below are of arenas in use. What harnesses around the network keep is taken off (resource variables, a recording
allocator), and builds without \`TF_LITE_STATIC_MEMORY\` have 12 B more for each operator: \`device-profiles/measurements/README.md\`
says where. Values in KB are printed so by their source: half a unit either way is no difference. The definitions of MicroNets
were written from the paper's Table 5 and, for VWW-4, from a file of the same architecture; its TFLM is of 2020, and its KB are 1,000 B.

${head}
${rowsOf(arenas.filter(isTflm))}

Whole programs of EdgeMark: static data with a copy of the output, and an arena in the steps in which its tools searched for
one (512 B, or 1,024 B where two tensors come to more than 14 KB), without the stack. Six of them register one operator more than
their descriptions hold, and four take one more step for it.

${head}
${rowsOf(checks.filter(({ what }) => what === 'program'))}

Runtimes that write in place: TinyEngine's peak, and X-CUBE-AI's RAM or activations. X-CUBE-AI's scratch is that of published
generated code; how far apart it keeps outputs and inputs that overlap, and from what expansion on it lets them, was chosen
on these rows and those outside the project. Chosen anew for each of 22 architectures on the others alone, the errors are
1.2 % in the median and 3.8 % in the mean, without detection networks.

${head}
${rowsOf([...arenas.filter((check) => !isTflm(check)), ...checks.filter(({ what }) => what === 'activations')])}

Rows outside the project, from the last \`npm run fit -- --with DIR\`:

| Rows | Number | Median error | Mean error | Within 2 % | Within 10 % | Planned below |
| ---- | ------ | ------------ | ---------- | ---------- | ----------- | ------------- |
${outsideRows}

Flash, model and code together where they are one program, and the code alone of TFLite Micro with its kernels:

${head}
${rowsOf(checks.filter(({ what }) => what === 'flash' || what === 'code'))}

The model file is predicted as the exporter writes it, within 1 % in the median and 5 % at most over the networks of
this page (\`test/networks/file-size.test.ts\` holds it there). A file of the TensorFlow converter is larger by about 20 B
per filter and 200 B per tensor.`;
}
