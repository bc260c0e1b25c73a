/**
 * Intervals of single operators from their errors, by family, profile and how well the kernel is known there. A profile's
 * own errors of a family say how large they are, but few of them say it badly; so their scale is drawn towards that of the
 * family on all profiles that know it as well, and that towards all families. One split-conformal quantile, of errors in
 * units of their scale, turns a scale into an interval. No network counts towards the interval that it is judged by.
 */

import type { Evidence } from './evidence.ts';
import { quantileRank } from '../conformal.ts';
import type { OperatorResidual } from './operator-residuals.ts';

/** Networks that a profile's own errors have to outweigh, and profiles that a family's have to. */
const ownShrinkage = 4;
const familyShrinkage = 2;
/** A family with as many errors has a quantile of its own. */
const familyEnough = 40;
/** A profile with as many networks of its own owes next to nothing to others. */
const ownEnough = 10;

/** What an interval rests on: errors of the profile itself, of the family elsewhere, or of kernels known as well. */
export interface Basis {
  readonly from: 'profile' | 'family' | 'evidence';
  readonly errors: number;
}

const square = (ratio: number): number => Math.log(ratio) ** 2;
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * A scale from few values is uncertain itself: Student's 95 % quantile over the normal one, to the first order in 1 over the
 * degrees of freedom.
 */
function fewness(values: number): number {
  return 1 + (1.645 ** 2 + 1) / (4 * (familyShrinkage + values));
}

interface Group {
  readonly profile: string;
  readonly family: string;
  /** Mean squares of ln(ratio), by network. */
  readonly networks: ReadonlyMap<string, number>;
}

function groupsOf(residuals: readonly OperatorResidual[]): readonly Group[] {
  const groups = new Map<string, OperatorResidual[]>();
  for (const residual of residuals) {
    const key = `${residual.profile}|${residual.family}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [residual]);
    else list.push(residual);
  }
  return [...groups.values()].map((list): Group => {
    const squares = new Map<string, number[]>();
    for (const { network, ratio } of list) {
      squares.set(network, [...(squares.get(network) ?? []), square(ratio)]);
    }
    return {
      profile: list[0]?.profile ?? '',
      family: list[0]?.family ?? '',
      networks: new Map([...squares].map(([network, values]) => [network, average(values)])),
    };
  });
}

/** Errors of kernels that are known equally well. */
class Level {
  readonly residuals: readonly OperatorResidual[];
  readonly #groups: readonly Group[];

  constructor(residuals: readonly OperatorResidual[]) {
    this.residuals = residuals;
    this.#groups = groupsOf(residuals);
  }

  #squares(without: string | undefined, of: (group: Group) => boolean): number[] {
    return this.#groups.filter(of).flatMap(({ networks }) => {
      const kept = [...networks].filter(([network]) => network !== without).map(([, value]) => value);
      return kept.length === 0 ? [] : [average(kept)];
    });
  }

  /** On the log scale. */
  scale(profile: string, family: string, without: string | undefined): number {
    const every = this.#squares(without, () => true);
    const all = every.length === 0 ? 0 : average(every);
    const those = this.#squares(without, (group) => group.family === family);
    const ofFamily =
      (familyShrinkage * all + those.reduce((a, b) => a + b, 0)) / (familyShrinkage + those.length);
    const own = this.#groups.find((group) => group.family === family && group.profile === profile);
    const values = [...(own?.networks ?? [])]
      .filter(([network]) => network !== without)
      .map(([, value]) => value);
    const squared =
      (ownShrinkage * ofFamily + values.reduce((a, b) => a + b, 0)) / (ownShrinkage + values.length);
    return Math.sqrt(squared) * fewness(those.length + values.length);
  }

  /** Quantile of errors in units of their scales: the family's, or those of all where it has too few. */
  quantile(family: string, without: string | undefined): number {
    const kept = this.residuals.filter(({ network }) => network !== without);
    const ofFamily = kept.filter((entry) => entry.family === family);
    return quantileRank(
      (ofFamily.length >= familyEnough ? ofFamily : kept).map(({ profile, family, network, ratio }) => {
        const scale = this.scale(profile, family, network);
        return Math.abs(Math.log(ratio)) / Math.max(scale, 1e-6);
      }),
    );
  }

  basis(profile: string, family: string): Basis {
    const ofFamily = this.residuals.filter((entry) => entry.family === family);
    const own = ofFamily.filter((entry) => entry.profile === profile);
    if (new Set(own.map(({ network }) => network)).size >= ownEnough)
      return { from: 'profile', errors: own.length };
    if (ofFamily.length > 0) return { from: 'family', errors: ofFamily.length };
    return { from: 'evidence', errors: this.residuals.length };
  }
}

export class OperatorCalibration {
  readonly #levels: ReadonlyMap<Evidence, Level>;
  readonly #quantiles = new Map<string, number>();
  readonly residuals: readonly OperatorResidual[];

  constructor(residuals: readonly OperatorResidual[]) {
    this.residuals = residuals;
    const levels = [...new Set(residuals.map(({ evidence }) => evidence))];
    this.#levels = new Map(
      levels.map((level) => [level, new Level(residuals.filter(({ evidence }) => evidence === level))]),
    );
  }

  /** Half-width on the log scale that holds nine in ten; `undefined` where no error speaks for such a kernel. */
  halfWidth(profile: string, family: string, evidence: Evidence, without?: string): number | undefined {
    const level = this.#levels.get(evidence);
    if (level === undefined) return undefined;
    const key = `${evidence} ${family} ${without ?? ''}`;
    let quantile = this.#quantiles.get(key);
    if (quantile === undefined) {
      quantile = level.quantile(family, without);
      this.#quantiles.set(key, quantile);
    }
    return quantile * level.scale(profile, family, without);
  }

  basis(profile: string, family: string, evidence: Evidence): Basis | undefined {
    return this.#levels.get(evidence)?.basis(profile, family);
  }

  /** Whether an error lies in the interval that the other networks give. */
  holds({ profile, family, evidence, network, ratio }: OperatorResidual): boolean {
    const halfWidth = this.halfWidth(profile, family, evidence, network);
    return halfWidth !== undefined && Math.abs(Math.log(ratio)) <= halfWidth;
  }
}
