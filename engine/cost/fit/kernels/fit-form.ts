/** Fits what a kernel executes as a form: a sum of terms with the coefficients of least relative error. */

import { fcnnlsVector } from 'ml-fcnnls';
import { Matrix } from 'ml-matrix';
import type { ClassCounts, Form, Kernel } from '../../../../device-profiles/types.ts';
import { compileForm, sumsOf } from '../../form.ts';
import type { Quantities } from '../../quantities.ts';

/** What was counted for one shape. */
export interface Sample {
  readonly quantities: Quantities;
  readonly counts: ClassCounts;
  /** Of the whole that they are a part of, where a part is fitted: errors are shares of it. */
  readonly whole?: ClassCounts;
  /** Its loads and branches were not counted. */
  readonly isOneClass?: true;
}

/** Which of the {@link ClassCounts}. */
type Class = 0 | 1 | 2;

/**
 * Loads and branches may grow less than in step with a term, or even shrink, but by no more than this share of its
 * instructions: whatever the classes cost, more work is then never cheaper.
 */
const mostBelow = 0.25;

/** What a class may miss, as a share of all instructions, where there is next to none of it. */
const leastScale = 0.02;

/** Pull towards 0, of coefficients in units of their column: keeps terms apart that always come together. */
const pull = 1e-5;

const significant = (value: number): number => Number(value.toPrecision(4));

const scaleOf = ({ counts, whole = counts }: Sample, at: Class): number =>
  Math.max(whole[at], leastScale * whole[0], 1);

/** Coefficients, at least as great as `least`, of the sum of amounts (a row per sample) that comes nearest to a class. */
function fitClass(
  samples: readonly Sample[],
  amounts: readonly (readonly number[])[],
  at: Class,
  least: readonly number[],
): readonly number[] {
  const rows = samples.map((sample, i) => {
    const scale = scaleOf(sample, at);
    return (amounts[i] ?? []).map((amount) => amount / scale);
  });
  const target = samples.map((sample, i) =>
    (rows[i] ?? []).reduce(
      (sum, amount, j) => sum - amount * (least[j] ?? 0),
      sample.counts[at] / scaleOf(sample, at),
    ),
  );
  const norms = least.map((_, j) => Math.hypot(...rows.map((row) => row[j] ?? 0)) || 1);
  const system = rows.map((row) => row.map((amount, j) => amount / (norms[j] ?? 1)));
  const pulls = norms.map((_, j) => norms.map((__, k) => (k === j ? pull : 0)));
  const { K: found } = fcnnlsVector(new Matrix([...system, ...pulls]), [...target, ...norms.map(() => 0)], {
    maxIterations: 10_000,
    gradientTolerance: 1e-7,
  });
  return found.to1DArray().map((x, j) => x / (norms[j] ?? 1) + (least[j] ?? 0));
}

/** Terms that nothing was counted for are left out; coefficients have four digits. */
export function fitForm(samples: readonly Sample[], terms: readonly string[]): Form {
  if (new Set(terms).size < terms.length) throw new Error(`A term stands twice in ${terms.join(', ')}.`);
  const compiled = terms.map((term) => compileForm({ [term]: 1 }));
  const amountsOf = (those: readonly Sample[]) =>
    those.map(({ quantities }) => compiled.map((amount) => amount(quantities)));
  const none = terms.map(() => 0);
  const instructions = fitClass(samples, amountsOf(samples), 0, none);
  const classified = samples.filter(({ isOneClass = false }) => !isOneClass);
  const amounts = amountsOf(classified);
  // Of a term that no sample with these classes has, nothing is known but its instructions.
  const least = instructions.map((each, j) => (amounts.some((row) => row[j] !== 0) ? -mostBelow * each : 0));
  const [loads, branches] = [
    fitClass(classified, amounts, 1, least),
    fitClass(classified, amounts, 2, least),
  ];
  const form: Record<string, ClassCounts> = {};
  terms.forEach((term, j) => {
    const [i, l, b] = [instructions, loads, branches].map((found) => significant(found[j] ?? 0));
    const counts: ClassCounts = [i ?? 0, l ?? 0, b ?? 0];
    if (counts.some((count) => count !== 0)) form[term] = counts;
  });
  return form;
}

/** By how much a form misses one class of each sample, shares; ascending and without sign. */
export function missesOf(form: Form, samples: readonly Sample[], at: Class = 0): readonly number[] {
  const sum = sumsOf(form)[at];
  return samples
    .map((sample) => Math.abs(sum(sample.quantities) - sample.counts[at]) / scaleOf(sample, at))
    .sort((a, b) => a - b);
}

/** Of ascending numbers: the one below which a share of them lies. */
export const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0;

/** A form with what a file says of its fit. */
export function fitKernel(
  samples: readonly Sample[],
  terms: readonly string[],
): Pick<Kernel, 'form' | 'shapes' | 'median' | 'worst'> {
  const form = fitForm(samples, terms);
  const misses = missesOf(form, samples);
  const error = (share: number): number => Number(quantile(misses, share).toPrecision(2));
  return { form, shapes: samples.length, median: error(0.5), worst: error(1) };
}
