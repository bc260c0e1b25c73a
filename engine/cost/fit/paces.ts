/**
 * The pace of a board from measured rows: `cycles = sum over kernels of multiplier x (a instructions + b loads + c taken
 * branches) + d weight bytes + e operators + f inferences`. The shares of the classes are drawn towards those of the
 * Cortex-M4's manual, since plain least squares finds nonsense (a load for nothing, a multiplication for 26) that fails on
 * a kernel that it has not seen.
 */

import { countedCores } from '../../../device-profiles/index.ts';
import type { Pace } from '../../../device-profiles/types.ts';
import { cyclesOfCounts } from '../counted.ts';
import type { CountedRow } from './counted-rows.ts';
import { median } from './intervals.ts';
import { fitCoefficients, type Observation } from './least-squares.ts';

export type Cycles = Pace['cycles'];
export type Costs = Pick<Pace, 'cycles' | 'kernels'>;

/** Cortex-M4 Technical Reference Manual, table 3-1, in units of an instruction: some loads follow another and are pipelined. */
const manual = { instruction: 1, load: 0.6, branch: 1 } as const;
/** Cycles of what was not counted, before anything is known of a board. */
const overhead = { operator: 300, inference: 1000 } as const;
/**
 * Cycles per byte of weights that stream from flash without a cache: a line of 64 bits takes five wait states and a cycle on
 * an STM32L4R5 at 120 MHz in dual-bank mode (RM0432, section 3.3.3).
 */
const streaming = 0.75;
const streamingPull = 0.01;
/** How strongly the manual holds; by leaving kinds of kernels out on the boards with single layers. */
const pull = 0.1;
/** The same of what no manual says: it is as good as free. */
const weakPull = 0.001;
const pullOf = (name: string): number =>
  name in manual ? pull : name === 'weightByte' ? streamingPull : weakPull;
/** How strongly a kernel is held to what the classes say. */
const kernelPull = 0.1;
const fewGroups = 4;
/** What is no kernel's. */
const fixed = '';

/** Cycles of a row by what is known, kernel by kernel. */
export function predictCycles(row: CountedRow, { cycles, kernels }: Costs): number {
  let sum =
    cycles.weightByte * row.streamedWeights +
    cycles.operator * row.operators +
    cycles.inference * row.inferences;
  for (const [kernel, counts] of row.kernels) sum += (kernels[kernel] ?? 1) * cyclesOfCounts(counts, cycles);
  return sum;
}

/** Networks, or widths of layers, that weigh as much as the start. */
const startWeight = 2;

const groupsIn = (rows: readonly CountedRow[]): number => new Set(rows.map(({ group }) => group)).size;

/** One number for a board: cycles by the manual's shares. */
function scaleOf(rows: readonly CountedRow[]): number {
  const start = countedCores[rows[0]?.core ?? '']?.start;
  const own = ownScaleOf(rows);
  if (start === undefined) return own;
  const groups = groupsIn(rows);
  return Math.exp((groups * Math.log(own) + startWeight * Math.log(start)) / (groups + startWeight));
}

function ownScaleOf(rows: readonly CountedRow[]): number {
  return median(
    rows.map((row) => {
      let units = 0;
      for (const [instructions, loads, branches] of row.kernels.values())
        units += manual.instruction * instructions + manual.load * loads + manual.branch * branches;
      const rest = overhead.operator * row.operators + overhead.inference * row.inferences;
      return Math.max(row.cycles - rest, row.cycles / 2) / units;
    }),
  );
}

/** @param kernels multipliers that hold while the classes are fitted */
function observationOf(row: CountedRow, kernels: Costs['kernels']): Observation {
  const terms: Record<string, number> = {
    instruction: 0,
    load: 0,
    branch: 0,
    weightByte: row.streamedWeights,
    operator: row.operators,
    inference: row.inferences,
  };
  for (const [kernel, counts] of row.kernels) {
    const factor = kernels[kernel] ?? 1;
    (['instruction', 'load', 'branch'] as const).forEach((name, at) => {
      terms[name] = (terms[name] ?? 0) + factor * (counts[at] ?? 0);
    });
  }
  const { label, cycles, group, session, kind } = row;
  return { terms, cycles, extents: {}, network: group, board: session.board, kind, label };
}

/** Rows of single layers are many and alike: together they count as much as this many networks. */
const layersTogether = 50;

/**
 * Class costs and multipliers that explain the rows of a board. @param core what other boards with the core take, where the
 * rows are too few to tell more than how fast this one is
 */
export function fitCosts(rows: readonly CountedRow[], core?: Costs): Costs {
  if (core !== undefined) return pacedLike(core, rows);
  const scale = scaleOf(rows);
  const prior: Cycles = {
    instruction: scale * manual.instruction,
    load: scale * manual.load,
    branch: scale * manual.branch,
    weightByte: rows.some(({ isCached }) => isCached) ? 0 : streaming,
    ...overhead,
  };
  const layers = rows.filter(({ kind }) => kind === 'layer').length;
  const weightOf = ({ kind }: CountedRow): number =>
    kind === 'network' ? 1 : kind === 'operators' ? 0.6 : Math.sqrt(Math.min(1, layersTogether / layers));
  // Of a few networks each has kernels of its own: what departs is rather theirs than the board's.
  const few = 1 + fewGroups / groupsIn(rows);
  const held = (name: string): number => pullOf(name) * (name in manual ? few : 1);
  let kernels: Record<string, number> = {};
  let cycles = prior;
  for (let round = 0; round < 3; round += 1) {
    const known = kernels;
    const weighted = rows.map((row) => ({ observation: observationOf(row, known), weight: weightOf(row) }));
    cycles = { ...prior, ...fitCoefficients(weighted, { ...prior }, held) };
    kernels = multipliers(rows, cycles, weightOf);
  }
  return { cycles, kernels };
}

/** The shares of another board, at the pace of the rows. */
function pacedLike({ cycles, kernels }: Costs, rows: readonly CountedRow[]): Costs {
  const faster = median(rows.map((row) => row.cycles / predictCycles(row, { cycles, kernels })));
  return { cycles: scaled(cycles, faster), kernels };
}

/** What the core does, faster or slower; not what flash and interpreter take. */
function scaled(cycles: Cycles, by: number): Cycles {
  const { instruction, load, branch } = cycles;
  return { ...cycles, instruction: by * instruction, load: by * load, branch: by * branch };
}

/** A kernel takes so much of a row's instructions that the row times it. */
const mainShare = 0.9;

export function mainKernel({ kernels }: CountedRow): string | undefined {
  let total = 0;
  let most = 0;
  let main: string | undefined;
  for (const [kernel, [instructions]] of kernels) {
    total += instructions;
    if (instructions > most) [most, main] = [instructions, kernel];
  }
  return most >= mainShare * total ? main : undefined;
}

/**
 * By how much kernels depart, drawn towards not at all: random effects, found together since a network says something of
 * every kernel in it.
 */
function multipliers(
  rows: readonly CountedRow[],
  cycles: Cycles,
  weightOf: (row: CountedRow) => number,
): Record<string, number> {
  const names = new Set<string>();
  const weighted = rows.map((row) => {
    const rest = predictCycles({ ...row, kernels: new Map() }, { cycles, kernels: {} });
    const terms: Record<string, number> = rest > 0 ? { [fixed]: rest } : {};
    for (const [kernel, counts] of row.kernels) {
      terms[kernel] = cyclesOfCounts(counts, cycles);
      names.add(kernel);
    }
    return { observation: { ...observationOf(row, {}), terms }, weight: weightOf(row) };
  });
  const ones = Object.fromEntries([fixed, ...names].map((name) => [name, 1]));
  const found = fitCoefficients(weighted, ones, (name) => (name === fixed ? 1e6 : kernelPull));
  return Object.fromEntries(Object.entries(found).filter(([name]) => name !== fixed));
}
