/**
 * NSGA-II (Deb et al., IEEE TEC 6(2), 2002) in its steady-state form: each result enters the population at once
 * and the worst by front and crowding leaves. Steady state uses every result for the next proposal, which is
 * worth most when evaluations are few (Durillo et al., "On the Effect of the Steady-State Selection Scheme in
 * Multi-Objective Genetic Algorithms", EMO 2009).
 */

import { nextFraction } from '../random-source.ts';
import { crowdingDistances, sortIntoFronts } from '../pareto.ts';
import type { Evaluated, Strategy } from '../types.ts';
import type { StrategyContext } from './context.ts';
import { Preselection } from './preselection.ts';
import { Proposer } from './proposer.ts';

/** Share of the offspring that comes from two parents; the others are mutants of one. Chosen, like those below, on the tables in test/tables. */
const CROSSOVER_SHARE = 0.35;
/** Chance of each further mutation. */
const FURTHER_MUTATION = 0.1;
/** Chance that a child of two parents is mutated too. */
const MUTATED_CHILDREN = 0.5;
/** Offspring of which the most promising is evaluated, where promise can be foreseen. */
const LITTER = 48;
/** Share of a litter that is drawn afresh, so that the search does not settle too early. */
const FRESH_SHARE = 0.25;
/** Share of the offspring that is evaluated whatever its forecast, so that a wrong forecast is found out (Jin 2011). */
const UNGUIDED_SHARE = 0.25;
/** Populations after which that begins: until then forecasts have the most to give. */
const GUIDED_POPULATIONS = 4;
/** Share of the guided evaluations that go to what training alone can tell, at the end of the front that is hardest to find. */
const BOLD_SHARE = 0.5;

interface Member<C> {
  readonly evaluated: Evaluated<C>;
  readonly front: number;
  readonly crowding: number;
}

export function nsga2<C>(context: StrategyContext<C, 'nsga2'>): Strategy<C> {
  const { domain, random, settings } = context;
  const size = Math.max(4, settings.population);
  const proposer = new Proposer(domain, random);
  let population: readonly Member<C>[] = [];
  const first: C[] = [];
  /** Results from before there is a preselection. */
  const heard: Evaluated<C>[] = [];
  let preselection: Preselection<C> | undefined;
  let asked = 0;

  function select(): C {
    const a = population[random.nextInt(population.length)];
    const b = population[random.nextInt(population.length)];
    if (a === undefined || b === undefined) return domain.sample(random);
    const aWins = a.front !== b.front ? a.front < b.front : a.crowding >= b.crowding;
    return (aWins ? a : b).evaluated.candidate;
  }

  function offspring(): C {
    let child = select();
    const crossed = nextFraction(random) < CROSSOVER_SHARE;
    if (crossed) child = domain.crossover(child, select(), random);
    if (!crossed || nextFraction(random) < MUTATED_CHILDREN) child = domain.mutate(child, random);
    while (nextFraction(random) < FURTHER_MUTATION) child = domain.mutate(child, random);
    return child;
  }

  /** Once the first population shows on which scale candidates differ. */
  function foresight(): Preselection<C> | undefined {
    if (preselection === undefined && domain.foresee !== undefined) {
      preselection = new Preselection(domain.foresee, first);
      for (const result of heard.splice(0)) preselection.tell(result);
    }
    return preselection;
  }

  return {
    ask() {
      if (asked++ < size || population.length < 2) {
        const candidate = proposer.fresh();
        if (candidate !== undefined) first.push(candidate);
        return candidate;
      }
      const foreseen = foresight();
      const guided = asked <= GUIDED_POPULATIONS * size || nextFraction(random) >= UNGUIDED_SHARE;
      if (foreseen === undefined || !guided) return proposer.vary(offspring);
      const bold = nextFraction(random) < BOLD_SHARE;
      const make = (): C => (nextFraction(random) < FRESH_SHARE ? domain.sample(random) : offspring());
      return proposer.pick(make, LITTER, (candidates) =>
        bold ? foreseen.boldest(candidates) : foreseen.best(candidates),
      );
    },
    tell(result) {
      if (preselection === undefined) heard.push(result);
      else preselection.tell(result);
      population = surviving([...population.map((member) => member.evaluated), result], size);
    },
    fail: () => undefined,
  };
}

/** Environmental selection: the best `size` by front, then the lonely ones of the front that is cut. */
function surviving<C>(all: readonly Evaluated<C>[], size: number): Member<C>[] {
  const kept: Member<C>[] = [];
  sortIntoFronts(all).forEach((indices, front) => {
    if (kept.length >= size) return;
    const members = indices.flatMap((i) => all[i] ?? []);
    const crowding = crowdingDistances(members.map((member) => member.scores));
    const ranked = members
      .map((evaluated, i) => ({ evaluated, front, crowding: crowding[i] ?? 0 }))
      .sort((a, b) => (a.crowding === b.crowding ? 0 : b.crowding - a.crowding));
    kept.push(...ranked.slice(0, size - kept.length));
  });
  return kept;
}
