/**
 * Which of several new candidates is worth an evaluation. Predicted costs are known in advance, and what only training
 * tells is foreseen by a surrogate, as in NSGANetV2 (Lu et al., ECCV 2020). Chosen is the candidate whose hopeful
 * forecast adds most hypervolume to the front, the criterion of SMS-EGO (Ponweiser, Wagner, Biermann and Vincze,
 * "Multiobjective Optimization on a Limited Budget of Evaluations", PPSN 2008).
 */

import { hypervolume, nonDominated } from '../pareto.ts';
import type { Evaluated, Foreseen, Scores } from '../types.ts';
import { Surrogate } from './surrogate.ts';

/** Standard deviations by which a forecast is taken to be better than expected. */
const HOPE = 0.5;
/** Beyond the worst of the front, so that its ends count for something. */
const MARGIN = 1.1;

export class Preselection<C> {
  private readonly foresee: (candidate: C) => Foreseen;
  /** One for each score that is not known in advance. */
  private readonly surrogates: ReadonlyMap<number, Surrogate>;
  private readonly told: Scores[] = [];

  /** @param reference candidates that show on which scale their figures vary */
  constructor(foresee: (candidate: C) => Foreseen, reference: readonly C[]) {
    this.foresee = foresee;
    const known = reference.map((candidate) => foresee(candidate));
    const scores = known[0]?.scores ?? [];
    this.surrogates = new Map(
      scores.flatMap((score, i) => (score === undefined ? [[i, new Surrogate(known)] as const] : [])),
    );
  }

  tell({ candidate, scores, violation }: Evaluated<C>): void {
    if (!scores.every(Number.isFinite)) return;
    const features = this.foresee(candidate);
    for (const [i, surrogate] of this.surrogates) surrogate.add(features, scores[i] ?? 0);
    if (violation <= 0) this.told.push(scores);
  }

  /** The most promising of `candidates` for the front as a whole; of equal ones the first. */
  best(candidates: readonly C[]): C | undefined {
    const front = nonDominated(this.told).map((i) => this.told[i] ?? []);
    const scale = scaleOf(front);
    const scaled = front.map(scale);
    const reference = (scaled[0] ?? []).map(() => MARGIN);
    let best: { candidate: C; gain: number } | undefined;
    for (const candidate of candidates) {
      const point = scale(this.forecast(candidate));
      const late = behind(point, scaled);
      const gain = late > 0 ? -late : volumeOf(point, scaled, reference);
      if (best === undefined || gain > best.gain) best = { candidate, gain };
    }
    return best?.candidate;
  }

  /** The one with the best forecast of the first score that only evaluation tells. */
  boldest(candidates: readonly C[]): C | undefined {
    const [goal = 0] = this.surrogates.keys();
    let best: { candidate: C; score: number } | undefined;
    for (const candidate of candidates) {
      const score = this.forecast(candidate)[goal] ?? Infinity;
      if (best === undefined || score < best.score) best = { candidate, score };
    }
    return best?.candidate;
  }

  private forecast(candidate: C): Scores {
    const foreseen = this.foresee(candidate);
    return foreseen.scores.map((known, i) => {
      const surrogate = this.surrogates.get(i);
      if (known !== undefined || surrogate === undefined) return known ?? 0;
      const { mean, deviation } = surrogate.predict(foreseen);
      return mean - HOPE * deviation;
    });
  }
}

/** What `point` adds to the hypervolume of `front`: its box less what the front covers of it. */
function volumeOf(point: Scores, front: readonly Scores[], reference: Scores): number {
  const box = point.reduce((product, x, i) => product * Math.max(0, (reference[i] ?? 0) - x), 1);
  if (box === 0) return 0;
  const covered = front.map((other) => other.map((x, i) => Math.max(x, point[i] ?? 0)));
  return box - hypervolume(covered, reference);
}

/** How much a point would have to improve to be no longer dominated (the additive epsilon indicator). */
function behind(point: Scores, front: readonly Scores[]): number {
  return Math.max(0, ...front.map((other) => Math.min(...point.map((x, i) => x - (other[i] ?? 0)))));
}

/** To the unit box of the front. */
function scaleOf(front: readonly Scores[]): (scores: Scores) => Scores {
  const low = (front[0] ?? []).map((_, d) => Math.min(...front.map((p) => p[d] ?? 0)));
  const high = (front[0] ?? []).map((_, d) => Math.max(...front.map((p) => p[d] ?? 0)));
  return (scores) =>
    scores.map((value, d) => {
      const extent = (high[d] ?? 0) - (low[d] ?? 0);
      return (value - (low[d] ?? 0)) / (extent > 0 ? extent : 1);
    });
}
