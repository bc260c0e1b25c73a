/**
 * Regularised evolution: the fittest of a random sample of the population is mutated, and the oldest member
 * dies, however fit. Real, Aggarwal, Huang and Le, "Regularized Evolution for Image Classifier Architecture
 * Search" (AAAI 2019). Candidates that violate a constraint by
 * prediction are never evaluated; one that proves to violate one in evaluation loses its tournaments.
 *
 * With several objectives, fitness within a tournament is the augmented Tchebycheff scalarisation (Knowles,
 * "ParEGO", IEEE TEC 10(1), 2006) of the scores, scaled to the range seen so far, with weights drawn anew for
 * each tournament, so that the population spreads along the front instead of gathering at one point.
 */

import { nextFraction } from '../random-source.ts';
import type { Evaluated, Scores, Strategy } from '../types.ts';
import type { StrategyContext } from './context.ts';
import { Proposer } from './proposer.ts';

/** ParEGO's augmentation: breaks ties of the maximum in favour of the sum. */
const AUGMENTATION = 0.05;

export function regularisedEvolution<C>(context: StrategyContext<C, 'evolution'>): Strategy<C> {
  const { domain, random, weights, settings } = context;
  const size = Math.max(2, settings.population);
  const sample = Math.max(1, Math.min(settings.sample, size));
  const proposer = new Proposer(domain, random);
  /** Oldest first. */
  const population: Evaluated<C>[] = [];
  const low: number[] = [];
  const high: number[] = [];
  let asked = 0;

  function parent(): C {
    const direction = weights.map((weight) => weight * -Math.log(1 - nextFraction(random)));
    const fitness = (scores: Scores): number => {
      const terms = scores.map((score, i) => {
        const extent = (high[i] ?? 0) - (low[i] ?? 0);
        return ((direction[i] ?? 0) * (score - (low[i] ?? 0))) / (extent > 0 ? extent : 1);
      });
      return Math.max(...terms) + AUGMENTATION * terms.reduce((sum, term) => sum + term, 0);
    };
    let best: { candidate: C; violation: number; fitness: number } | undefined;
    for (let i = 0; i < sample; i++) {
      const member = population[random.nextInt(population.length)];
      if (member === undefined) continue;
      const { candidate, violation } = member;
      const value = fitness(member.scores);
      const better =
        best === undefined ||
        (violation === best.violation ? value < best.fitness : violation < best.violation);
      if (better) best = { candidate, violation, fitness: value };
    }
    return best === undefined ? domain.sample(random) : best.candidate;
  }

  return {
    ask() {
      if (asked++ < size || population.length === 0) return proposer.fresh();
      return proposer.vary(() => domain.mutate(parent(), random));
    },
    tell(result) {
      population.push(result);
      if (population.length > size) population.shift();
      result.scores.forEach((score, i) => {
        low[i] = Math.min(low[i] ?? Infinity, score);
        high[i] = Math.max(high[i] ?? -Infinity, score);
      });
    },
    fail: () => undefined,
  };
}
