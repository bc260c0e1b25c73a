/**
 * What candidates may score, foreseen from those that have been evaluated: Gaussian process regression (Rasmussen and
 * Williams, "Gaussian Processes for Machine Learning", MIT Press 2006, algorithm 2.1). Two candidates are alike as far as
 * their figures lie close together and as they share decisions.
 */

import type { Foreseen } from '../types.ts';

export type Features = Pick<Foreseen, 'figures' | 'traits'>;

export interface Prediction {
  readonly mean: number;
  /** Standard deviation of what is not known; near the data's own far away from every example. */
  readonly deviation: number;
}

/** Shares of the variance explained by figures and by decisions, and of what training leaves to chance. */
const FIGURES = 0.5;
const TRAITS = 0.5;
const NOISE = 0.1;
/** In standard deviations of the figures, for each of them. */
const LENGTH = 1;
/** Beyond this many examples the older half is forgotten. */
const MOST_EXAMPLES = 400;

interface Example {
  readonly figures: readonly number[];
  readonly traits: ReadonlySet<string>;
  readonly value: number;
}

export class Surrogate {
  private readonly centre: readonly number[];
  private readonly spread: readonly number[];
  private examples: Example[] = [];
  /** Rows of the Cholesky factor of the examples' covariance. */
  private factor: Float64Array[] = [];
  /** Covariance solved for the standardised values; made when it is asked for. */
  private weights: Float64Array | undefined;
  private mean = 0;
  private deviation = 1;

  /** @param reference candidates that show on which scale the figures vary */
  constructor(reference: readonly Features[]) {
    const dimensions = [...(reference[0]?.figures ?? []).keys()];
    const columns = dimensions.map((d) => reference.map(({ figures }) => figures[d] ?? 0));
    this.centre = columns.map(meanOf);
    this.spread = columns.map((column, d) => deviationOf(column, this.centre[d] ?? 0));
  }

  get size(): number {
    return this.examples.length;
  }

  add(features: Features, value: number): void {
    if (this.examples.length >= MOST_EXAMPLES) {
      const recent = this.examples.slice(-MOST_EXAMPLES / 2);
      this.examples = [];
      this.factor = [];
      for (const example of recent) this.append(example);
    }
    this.append({ ...this.standardise(features), value });
  }

  predict(features: Features): Prediction {
    this.weights ??= this.solve();
    const { figures, traits } = this.standardise(features);
    const covariances = this.examples.map((example) => likeness(example, { figures, traits }));
    const mean = covariances.reduce((sum, c, i) => sum + c * (this.weights?.[i] ?? 0), 0);
    const explained = forward(this.factor, covariances).reduce((sum, v) => sum + v * v, 0);
    const deviation = Math.sqrt(Math.max(0, FIGURES + TRAITS - explained));
    return { mean: this.mean + this.deviation * mean, deviation: this.deviation * deviation };
  }

  /** One more row of the factor. */
  private append(example: Example): void {
    const row = forward(
      this.factor,
      this.examples.map((other) => likeness(other, example)),
    );
    const rest = FIGURES + TRAITS + NOISE - row.reduce((sum, v) => sum + v * v, 0);
    this.factor.push(Float64Array.of(...row, Math.sqrt(Math.max(rest, NOISE / 2))));
    this.examples.push(example);
    this.weights = undefined;
  }

  private solve(): Float64Array {
    const values = this.examples.map(({ value }) => value);
    this.mean = meanOf(values);
    this.deviation = deviationOf(values, this.mean);
    const solved = forward(
      this.factor,
      values.map((value) => (value - this.mean) / this.deviation),
    );
    for (let i = solved.length - 1; i >= 0; i--) {
      let rest = solved[i] ?? 0;
      for (let j = i + 1; j < solved.length; j++) rest -= (this.factor[j]?.[i] ?? 0) * (solved[j] ?? 0);
      solved[i] = rest / (this.factor[i]?.[i] ?? 1);
    }
    return solved;
  }

  private standardise({ figures, traits }: Features): Omit<Example, 'value'> {
    return {
      figures: figures.map((x, d) => (x - (this.centre[d] ?? 0)) / (this.spread[d] ?? 1)),
      traits: new Set(traits),
    };
  }
}

/** The kernel: a Gaussian of the distance of the figures, and the cosine of the decisions. */
function likeness(a: Omit<Example, 'value'>, b: Omit<Example, 'value'>): number {
  let distance = 0;
  a.figures.forEach((x, d) => (distance += (x - (b.figures[d] ?? 0)) ** 2));
  let shared = 0;
  for (const trait of a.traits) if (b.traits.has(trait)) shared++;
  const close = Math.exp(-distance / (2 * LENGTH ** 2 * Math.max(1, a.figures.length)));
  return FIGURES * close + TRAITS * (shared / Math.sqrt(Math.max(1, a.traits.size * b.traits.size)));
}

/** Solves `factor * x = values` for a lower triangular factor. */
function forward(factor: readonly Float64Array[], values: readonly number[]): Float64Array {
  const solved = new Float64Array(values.length);
  values.forEach((value, i) => {
    const row = factor[i];
    if (row === undefined) return;
    let rest = value;
    for (let j = 0; j < i; j++) rest -= (row[j] ?? 0) * (solved[j] ?? 0);
    solved[i] = rest / (row[i] ?? 1);
  });
  return solved;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** At least so much that a division by it is harmless. */
function deviationOf(values: readonly number[], mean: number): number {
  const variance = meanOf(values.map((value) => (value - mean) ** 2));
  return variance > 0 ? Math.sqrt(variance) : 1;
}
