/** Non-negative least squares on relative errors, drawn towards what is known already. */

import { fcnnlsVector } from 'ml-fcnnls';
import { Matrix } from 'ml-matrix';

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** One measurement: `cycles` is explained by a sum of coefficient times amount. */
export interface Observation {
  /** Amount of each term, by `family.quantity`. */
  readonly terms: Readonly<Record<string, number>>;
  readonly cycles: number;
  /** Least and greatest size of one operator, by family: MACs where it has any, values read or written elsewhere. */
  readonly extents: Readonly<Record<string, Extent>>;
  /** Network that it comes from: left out together with everything else of the same network. */
  readonly network: string;
  readonly board: string;
  readonly kind: 'network' | 'operators' | 'layer';
  readonly label: string;
}

export type Coefficients = Readonly<Record<string, number>>;

export interface Weighted {
  readonly observation: Observation;
  readonly weight: number;
}

/** Coefficients of what takes `by` times as many cycles. */
export function scale(coefficients: Coefficients, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(coefficients).map(([term, cycles]) => [term, cycles * by]));
}

export function predict(observation: Observation, coefficients: Coefficients): number {
  let cycles = 0;
  for (const [term, amount] of Object.entries(observation.terms))
    cycles += amount * (coefficients[term] ?? 0);
  return cycles;
}

/** How strongly a prior holds: the same for all terms, or by term. */
export type Pull = number | ((term: string) => number);

/**
 * Minimises the sum of squared weighted relative errors plus `pull` times the sum of squared relative departures
 * from `prior`, with every coefficient at least 0. Terms without a prior are free; terms of the prior that no
 * observation holds keep it.
 */
export function fitCoefficients(
  rows: readonly Weighted[],
  prior: Coefficients,
  pull: Pull,
): Record<string, number> {
  if (rows.length === 0) return { ...prior };
  const names = [...new Set(rows.flatMap(({ observation }) => Object.keys(observation.terms)))];
  // Columns in units of the prior (or of the data where there is none) keep the system well conditioned.
  const scales = names.map((name) => {
    const known = prior[name];
    if (known !== undefined && known > 0) return known;
    const largest = Math.max(...rows.map(({ observation: o }) => (o.terms[name] ?? 0) / o.cycles));
    return largest > 0 ? 1 / largest : 1;
  });
  const system: number[][] = [];
  const target: number[] = [];
  for (const { observation, weight } of rows) {
    system.push(
      names.map(
        (name, j) => (weight * (observation.terms[name] ?? 0) * (scales[j] ?? 1)) / observation.cycles,
      ),
    );
    target.push(weight);
  }
  names.forEach((name, j) => {
    const known = prior[name];
    const squared = typeof pull === 'number' ? pull : pull(name);
    if (known === undefined || squared === 0) return;
    const strength = Math.sqrt(squared);
    system.push(names.map((_, k) => (k === j ? strength : 0)));
    target.push(known > 0 ? strength : 0);
  });
  const solution = fcnnlsVector(new Matrix(system), target, { maxIterations: 10_000 });
  const found = solution.K.to1DArray();
  const result: Record<string, number> = { ...prior };
  names.forEach((name, j) => {
    result[name] = (found[j] ?? 0) * (scales[j] ?? 1);
  });
  return result;
}
