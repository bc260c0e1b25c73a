/**
 * Intervals from residuals, for profiles of which most have few networks. A profile's own residuals say how large its
 * errors are, but four of them say it badly; so its scale is drawn towards that of all profiles of the family, residuals
 * are taken in units of that scale, and one split-conformal quantile of those, over the whole family, turns a scale into
 * an interval. No network counts towards the interval that it is judged by.
 */

import { quantileRank } from '../conformal.ts';

/** One network predicted without its own rows. */
export interface Residual {
  readonly profile: string;
  readonly network: string;
  /** predicted / measured */
  readonly ratio: number;
}

/** Networks that a profile's own residuals have to outweigh. */
const scaleShrinkage = 4;
/** The share of measurements that an interval is to hold. */
const stated = 0.9;

/** Mean square of ln(ratio), each network counting once. */
function meanSquare(residuals: readonly Residual[]): { readonly value: number; readonly networks: number } {
  const byNetwork = new Map<string, number[]>();
  for (const { profile, network, ratio } of residuals) {
    const key = `${profile} ${network}`;
    byNetwork.set(key, [...(byNetwork.get(key) ?? []), Math.log(ratio) ** 2]);
  }
  const means = [...byNetwork.values()].map((list) => list.reduce((a, b) => a + b, 0) / list.length);
  if (means.length === 0) return { value: 0, networks: 0 };
  return { value: means.reduce((a, b) => a + b, 0) / means.length, networks: means.length };
}

export class Calibration {
  readonly #residuals: readonly Residual[];

  /** `residuals`: of all profiles of one family. */
  constructor(residuals: readonly Residual[]) {
    this.#residuals = residuals;
  }

  /** Scale of a profile's errors, from all residuals but those of the networks left out. */
  #scale(residuals: readonly Residual[], profile: string): number {
    const family = meanSquare(residuals);
    const own = meanSquare(residuals.filter((entry) => entry.profile === profile));
    const squared =
      (scaleShrinkage * family.value + own.networks * own.value) / (scaleShrinkage + own.networks);
    return Math.sqrt(squared);
  }

  /**
   * Half-width on the log scale that holds nine in ten of a profile's networks; `undefined` without residuals. A residual's
   * own network never counts towards its scale.
   */
  halfWidth(profile: string, without?: string): number | undefined {
    const kept = this.#residuals.filter(({ network }) => network !== without);
    if (kept.length === 0) return undefined;
    const inScale = kept.map((entry) => {
      const others = kept.filter(({ network }) => network !== entry.network);
      const scale = this.#scale(others.length > 0 ? others : kept, entry.profile);
      return Math.abs(Math.log(entry.ratio)) / Math.max(scale, 1e-6);
    });
    return quantileRank(inScale, stated) * this.#scale(kept, profile);
  }

  /** Whether a residual lies in the interval that the other networks give. */
  holds({ profile, network, ratio }: Residual): boolean {
    const halfWidth = this.halfWidth(profile, network);
    return halfWidth !== undefined && Math.abs(Math.log(ratio)) <= halfWidth;
  }

  /** Share of the residuals, of one profile or of all, that lie in their intervals. */
  coverage(profile?: string): number | undefined {
    const asked = this.#residuals.filter((entry) => profile === undefined || entry.profile === profile);
    if (asked.length === 0) return undefined;
    return asked.filter((entry) => this.holds(entry)).length / asked.length;
  }
}
