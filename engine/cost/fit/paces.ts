/**
 * The pace of a board from measured rows: `cycles = sum over kernels of multiplier x (a instructions + b loads + c taken
 * branches) + d weight bytes + e operators + f inferences`. The shares of the classes are drawn towards those of the
 * Cortex-M4's manual, since plain least squares finds nonsense (a load for nothing, a multiplication for 26) that fails on
 * a kernel that it has not seen.
 */

import type { ClassCounts, Pace } from '../../../device-profiles/types.ts';
import type { CountedRow } from './counted-rows.ts';
import { mean, median } from './intervals.ts';
import { fitCoefficients, type Observation } from './least-squares.ts';

export type Cycles = Pace['cycles'];
export type Costs = Pick<Pace, 'cycles' | 'kernels'>;

/** Cortex-M4 Technical Reference Manual, table 3-1, in units of an instruction: some loads follow another and are pipelined. */
const manual = { instruction: 1, load: 0.6, branch: 1 } as const;
/** Cycles of what was not counted, before anything is known of a board. */
const overhead = { operator: 300, inference: 1000 } as const;
/** How strongly the manual holds; by leaving kinds of kernels out on the boards with single layers. */
const pull = 0.1;
/** Rows of a kernel after which its multiplier is half its own. */
const shrinkage = 4;

/** Cycles of a row by what is known, kernel by kernel. */
export function predictCycles(row: CountedRow, { cycles, kernels }: Costs): number {
  let sum =
    cycles.weightByte * row.weightBytes + cycles.operator * row.operators + cycles.inference * row.inferences;
  for (const [kernel, counts] of row.kernels) sum += (kernels[kernel] ?? 1) * classCycles(counts, cycles);
  return sum;
}

const classCycles = (
  [instructions, loads, branches]: ClassCounts,
  { instruction, load, branch }: Cycles,
): number => instructions * instruction + loads * load + branches * branch;

/** One number for a board: cycles by the manual's shares. */
function scaleOf(rows: readonly CountedRow[]): number {
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
    weightByte: row.weightBytes,
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

/** Class costs and multipliers that explain the rows of a board. */
export function fitCosts(rows: readonly CountedRow[]): Costs {
  const scale = scaleOf(rows);
  const prior: Cycles = {
    instruction: scale * manual.instruction,
    load: scale * manual.load,
    branch: scale * manual.branch,
    weightByte: 0.02 * scale,
    ...overhead,
  };
  const layers = rows.filter(({ kind }) => kind === 'layer').length;
  const weightOf = ({ kind }: CountedRow): number =>
    kind === 'network' ? 1 : kind === 'operators' ? 0.6 : Math.sqrt(Math.min(1, layersTogether / layers));
  let kernels: Record<string, number> = {};
  let cycles = prior;
  for (let round = 0; round < 3; round += 1) {
    const known = kernels;
    const weighted = rows.map((row) => ({ observation: observationOf(row, known), weight: weightOf(row) }));
    cycles = { ...prior, ...fitCoefficients(weighted, { ...prior }, pull) };
    kernels = multipliers(rows, cycles);
  }
  return { cycles, kernels };
}

/** A kernel takes so much of a row's instructions that the row times it. */
const mainShare = 0.8;

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

/** Of each kernel that was timed: its rows' mean departure, shrunk towards none. */
function multipliers(rows: readonly CountedRow[], cycles: Cycles): Record<string, number> {
  const departures = new Map<string, number[]>();
  for (const row of rows) {
    const main = mainKernel(row);
    for (const kernel of row.kernels.keys()) {
      const known = departures.get(kernel) ?? [];
      if (kernel === main && row.kind !== 'network')
        known.push(Math.log(row.cycles / predictCycles(row, { cycles, kernels: {} })));
      departures.set(kernel, known);
    }
  }
  return Object.fromEntries(
    [...departures].map(([kernel, logs]) => {
      const held = logs.length === 0 ? 0 : (mean(logs) * logs.length) / (logs.length + shrinkage);
      return [kernel, Math.exp(held)];
    }),
  );
}
