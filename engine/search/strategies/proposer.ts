/**
 * New candidates only, and only such as meet the constraints by prediction: what every strategy shares.
 * A candidate is never proposed twice in a search, and one that violates a constraint never leaves here.
 */

import type { RandomSource } from '../../space/types.ts';
import { SearchError } from '../errors.ts';
import type { Domain } from '../types.ts';

/** Draws before a rare feasible candidate is looked for by repair instead. */
const DRAWS = 400;
/** Mutations along which one infeasible candidate is led towards feasibility. */
const REPAIR_STEPS = 100;
/** Infeasible candidates that are repaired before the search gives up. */
const REPAIRS = 40;
/** Variations of known candidates before a fresh one is drawn instead. */
const VARIATIONS = 50;
/** Candidates enumerated at most when looking for the last ones of a small space. */
const ENUMERATED = 20_000;

export class Proposer<C> {
  readonly domain: Domain<C>;
  readonly random: RandomSource;
  private readonly seen = new Set<string>();
  private drawn = 0;

  constructor(domain: Domain<C>, random: RandomSource) {
    this.domain = domain;
    this.random = random;
  }

  /**
   * A feasible candidate as yet unseen, uniform over them as long as they are not rare: drawn until one fits,
   * then by repair (mutations that lower the violation), at last by enumeration.
   * @returns `undefined` when every feasible candidate has been proposed.
   * @throws SearchError `infeasible` when not a single feasible candidate could be found.
   */
  fresh(): C | undefined {
    let infeasible: C | undefined;
    let least = Infinity;
    for (let i = 0; i < DRAWS; i++) {
      const candidate = this.domain.sample(this.random);
      const violation = this.domain.violation(candidate);
      this.drawn++;
      if (this.accept(candidate, violation)) return candidate;
      if (violation > 0 && violation < least) {
        least = violation;
        infeasible = candidate;
      }
    }
    for (let i = 0; i < REPAIRS && infeasible !== undefined; i++) {
      const start = i === 0 ? infeasible : this.domain.sample(this.random);
      const repaired = this.repair(start);
      if (repaired !== undefined && this.accept(repaired, 0)) return repaired;
    }
    const found = this.enumerateUnseen();
    if (found === undefined && this.seen.size === 0) throw this.nothingFits(infeasible);
    return found;
  }

  /**
   * A new feasible candidate made by `make` from known ones, repaired where needed; a fresh one when `make`
   * has nothing new to give.
   */
  vary(make: () => C): C | undefined {
    for (let i = 0; i < VARIATIONS; i++) {
      const candidate = make();
      const violation = this.domain.violation(candidate);
      if (this.accept(candidate, violation)) return candidate;
      if (violation > 0) {
        const repaired = this.repair(candidate);
        if (repaired !== undefined && this.accept(repaired, 0)) return repaired;
      }
    }
    return this.fresh();
  }

  /**
   * Up to `count` different candidates as {@link vary} makes them, of which `choose` picks the one that is proposed; the
   * others may come again.
   */
  pick(make: () => C, count: number, choose: (candidates: readonly C[]) => C | undefined): C | undefined {
    const candidates = new Map<string, C>();
    for (let i = 0; i < 2 * count && candidates.size < count; i++) {
      const made = make();
      const violation = this.domain.violation(made);
      const candidate = violation > 0 ? this.repair(made) : made;
      if (candidate === undefined) continue;
      const key = this.domain.key(candidate);
      if (!this.seen.has(key)) candidates.set(key, candidate);
    }
    const chosen = choose([...candidates.values()]);
    if (chosen === undefined) return this.vary(make);
    this.seen.add(this.domain.key(chosen));
    return chosen;
  }

  private accept(candidate: C, violation: number): boolean {
    if (violation > 0) return false;
    const key = this.domain.key(candidate);
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  /** Mutates towards less violation, sideways steps allowed. */
  private repair(candidate: C): C | undefined {
    let best = candidate;
    let violation = this.domain.violation(candidate);
    for (let step = 0; step < REPAIR_STEPS && violation > 0; step++) {
      const next = this.domain.mutate(best, this.random);
      const after = this.domain.violation(next);
      if (after > violation) continue;
      best = next;
      violation = after;
    }
    return violation > 0 ? undefined : best;
  }

  private enumerateUnseen(): C | undefined {
    let count = 0;
    for (const candidate of this.domain.enumerate?.() ?? []) {
      if (++count > ENUMERATED) return undefined;
      if (this.accept(candidate, this.domain.violation(candidate))) return candidate;
    }
    return undefined;
  }

  private nothingFits(closest: C | undefined): SearchError {
    const why = closest === undefined ? undefined : this.domain.explain?.(closest);
    return new SearchError(
      'infeasible',
      `No architecture that meets the constraints was found in ${this.drawn} random draws and ${REPAIRS} attempts to repair one.` +
        (why === undefined ? '' : ` The closest: ${why}`) +
        ' Loosen a constraint or add smaller options to the space.',
    );
  }
}
