/**
 * `npm run count [-- core...]`: what the kernels execute for the shapes of `counting/draw.ts`, in the emulator, a launch for
 * each core; written to `device-profiles/measurements/counts/own.csv.gz`, of which `npm run kernels` makes forms.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { outputsOf, elementsOf, type Shape } from '../../engine/space/network.ts';
import { quantizedAtRandom, random } from '../../engine/train/index.ts';
import { NetworkBuilder } from '../../engine/train/testing.ts';
import { buildImage, machines, type Core } from './build.ts';
import { compiler } from './compiler.ts';
import { drawn, type Drawn } from './counting/draw.ts';
import { follow } from './counting/follow.ts';
import type { JobCase } from './job.ts';
import { callsIn } from './lower/network.ts';
import { runEmulated } from './run.ts';

/** Arm's, as `device-profiles/cores.json` names them. */
const columns = { m0plus: 'm0p', m3: 'm3', m4: 'm4', m33: 'm33', m55: 'm55' } as const satisfies Partial<
  Record<Core, string>
>;
type CountedCore = keyof typeof columns;
/** Of cores whose kernels ask for the same scratch, one each. */
const scratchColumns = { plain: 'm3', dsp: 'm4', mve: 'm55' } as const satisfies Record<string, CountedCore>;

/** Products and outputs of all repeats: a tick of the emulated timer, of some 50 instructions, is then one in 500 or less. */
const LEAST_WORK = 100_000;
/** Instructions of an operator that is followed through the emulator's log, of some ten bytes an instruction. */
const MOST_FOLLOWED = 50_000;

/** One job for each output. */
function jobsOf({ kind, given, inputs }: Drawn, seed: number): { jobs: readonly JobCase[]; output: Shape } {
  const source = random(kind, seed);
  const ids = inputs.map((_, at) => at);
  const quantized = quantizedAtRandom(new NetworkBuilder(...inputs).op(kind, given, ids).network(), source);
  const { network, parameters } = quantized;
  const [op] = network.ops;
  if (op === undefined) throw new Error(`${kind} is no operator.`);
  const data = inputs.map((shape) =>
    Int8Array.from({ length: elementsOf(shape) }, () => source.int(256) - 128),
  );
  const calls = callsIn(quantized, op);
  const weights = parameters.get(op.index)?.weights.length ?? 0;
  const outputs = outputsOf(op).map((id): Shape => network.tensors[id]?.shape ?? []);
  const jobs = outputs.map((shape, at): JobCase => {
    const outputBytes = elementsOf(shape);
    const work = 2 * outputBytes + (weights * outputBytes) / (shape.at(-1) ?? 1);
    return { repeats: Math.ceil(LEAST_WORK / work), inputs: data, outputBytes, calls: calls[at] ?? [] };
  });
  return { jobs, output: outputs[0] ?? [] };
}

/** `3x3`, `same`, `16`: by name, `;` between them. */
const attributesOf = (given: Drawn['given']): string =>
  Object.entries(given)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('x') : String(value)}`)
    .join(';');

const shapeText = (shape: Shape): string => shape.join('x');

const cases = [...drawn()].map((each, index) => ({ ...each, ...jobsOf(each, index) }));
type Case = (typeof cases)[number];

/** Of one core: cells of the table, by case. */
interface Counted {
  readonly instructions: number;
  /** Registers loaded and branches taken, of what is small enough to be followed instruction by instruction. */
  readonly classes: readonly [loads: number, branches: number] | undefined;
  readonly scratch: number;
}

/** Results of jobs, which follow one another as their cases do, by case. */
function byCase<T>(those: readonly Case[], results: readonly T[]): readonly (readonly T[])[] {
  let at = 0;
  return those.map(({ jobs }) => results.slice(at, (at += jobs.length)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

async function count(core: CountedCore, folder: string): Promise<readonly Counted[]> {
  const image = buildImage(core, folder);
  // The runner takes a tick of SysTick for whole nanoseconds.
  const nanoseconds = 1000 / machines[core].megahertz;
  const exactly = nanoseconds / Math.floor(nanoseconds);
  const clocked = byCase(
    cases,
    runEmulated(
      core,
      image,
      cases.flatMap(({ jobs }) => jobs),
    ),
  ).map((runs) => ({
    instructions: Math.round(exactly * sum(runs.map(({ instructions }) => instructions))),
    scratch: Math.max(...runs.map(({ scratchBytes }) => scratchBytes)),
  }));
  const small = cases.filter((_, i) => (clocked[i]?.instructions ?? 0) <= MOST_FOLLOWED);
  const once = small.flatMap(({ jobs }) => jobs.map((job) => ({ ...job, repeats: 1 })));
  const followed = byCase(small, await follow(core, image, once));
  const classes = new Map(small.map((each, i) => [each, followed[i]]));
  return cases.map((each, i): Counted => {
    const { instructions = 0, scratch = 0 } = clocked[i] ?? {};
    const runs = classes.get(each);
    if (runs === undefined) return { instructions, classes: undefined, scratch };
    const all = (at: 0 | 1 | 2): number => sum(runs.map((run) => run[at]));
    return { instructions: all(0), classes: [all(1), all(2)], scratch };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-count-'));
try {
  const version = execFileSync(compiler, ['-dumpfullversion'], { encoding: 'utf8' }).trim();
  const counted = new Map<CountedCore, readonly Counted[]>();
  for (const core of Object.keys(columns) as CountedCore[]) {
    counted.set(core, await count(core, folder));
    console.log(`${core}: ${cases.length} operators`);
  }
  const ofCores = (cells: (core: CountedCore, name: string) => readonly (string | number)[]) =>
    Object.entries(columns).flatMap(([core, name]) => cells(core as CountedCore, name));
  const header = [
    ...['op', 'attributes', 'inputs', 'output'],
    ...ofCores((_, name) => [name, `${name}_loads`, `${name}_branches`]),
    ...Object.keys(scratchColumns).map((name) => `scratch_${name}`),
  ];
  const lines = cases.map(({ kind, given, inputs, output }, i) => [
    ...[kind, attributesOf(given), inputs.map(shapeText).join(' '), shapeText(output)],
    ...ofCores((core) => {
      const { instructions = 0, classes } = counted.get(core)?.[i] ?? {};
      return [instructions, ...(classes ?? ['', ''])];
    }),
    ...Object.values(scratchColumns).map((core) => counted.get(core)?.[i]?.scratch ?? 0),
  ]);
  const rows = [header, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
  const counts = join(import.meta.dirname, '../../device-profiles/measurements/counts');
  writeFileSync(join(counts, 'own.csv.gz'), gzipSync(rows, { level: 9 }));
  writeFileSync(
    join(counts, 'own.json'),
    `${JSON.stringify({ compiler: `${compiler} ${version}`, date: new Date().toISOString().slice(0, 10) }, undefined, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
