/**
 * How far paces lie from what was measured, each row predicted without its like: without its sitting or network (what the
 * board has measured), without its kernel (what it has not), without its board (what its core says). The intervals of
 * `device-profiles/boards/*.json` and `cores.json` are the conformal quantiles of these errors, family by family.
 */

import type { CountedRow } from './counted-rows.ts';
import { mean, median, withinTenPercent } from './intervals.ts';
import { fitCosts, mainKernel, predictCycles, type Costs, type Cycles } from './paces.ts';

export interface Judged {
  readonly row: CountedRow;
  /** predicted / measured */
  readonly ratio: number;
}

/** Of each row, predicted by what the others of its board say that do not share its `key`. */
export function withoutLike(
  rows: readonly CountedRow[],
  key: (row: CountedRow) => string | undefined,
): Judged[] {
  return [...new Set(rows.map(key))].flatMap((each) => {
    const others = rows.filter((row) => key(row) !== each);
    if (each === undefined || others.length === 0) return [];
    const costs = fitCosts(others);
    return rows
      .filter((row) => key(row) === each)
      .map((row) => ({ row, ratio: predictCycles(row, costs) / row.cycles }));
  });
}

const classes = ['instruction', 'load', 'branch', 'weightByte', 'operator', 'inference'] as const;

/** The pace of a core: of each class the geometric mean over its boards, and nothing of single kernels. */
export function costsOfCore(boards: readonly Costs[]): Costs {
  const meanOf = (name: (typeof classes)[number]): number =>
    Math.exp(mean(boards.map(({ cycles }) => Math.log(Math.max(cycles[name], 1e-3)))));
  const cycles = Object.fromEntries(classes.map((name) => [name, meanOf(name)])) as unknown as Cycles;
  return { cycles, kernels: {} };
}

export const withoutKernel = (rows: readonly CountedRow[]): Judged[] =>
  withoutLike(
    rows.filter(({ kind }) => kind !== 'network'),
    mainKernel,
  );

/**
 * Layers without the sitting that they were measured in, networks and their operators without the network; operators of the
 * only network of a board each without itself.
 */
export function withoutSitting(rows: readonly CountedRow[]): Judged[] {
  const networks = new Set(rows.filter(({ kind }) => kind !== 'layer').map(({ group }) => group));
  return withoutLike(rows, ({ kind, sitting, group, label }) =>
    kind === 'layer' ? sitting : networks.size > 1 ? group : label,
  );
}

export interface Figures {
  readonly rows: number;
  readonly median: number;
  readonly withinTenPercent: number;
}

/** Shares. */
export function figuresOf(judged: readonly Judged[]): Figures {
  const errors = judged.map(({ ratio }) => Math.abs(ratio - 1));
  return {
    rows: errors.length,
    median: median(errors),
    withinTenPercent: withinTenPercent(errors),
  };
}
