/**
 * How well a kernel is known in a profile: by what was measured of it, and where. Intervals of single operators go by it,
 * and so does the simulation that they are calibrated on: there a fit is robbed of measurements, and what it then says is
 * held against those that it was robbed of.
 */

import { predict, type Coefficients, type Observation } from './least-squares.ts';

/**
 * Surest first. `timed`: operators timed inside networks of the board, or networks of
 * the board that are nearly nothing else. `networks`: part of whole networks of the board. `core`: measured on another board with the core. `elsewhere`: on other cores, or
 * nowhere.
 */
export const evidences = ['timed', 'networks', 'core', 'elsewhere'] as const;
export type Evidence = (typeof evidences)[number];

export interface Known {
  /** Rows of the profile itself. */
  readonly own: readonly Observation[];
  /** Rows of other boards with the core, and of any board. */
  readonly sameCore: readonly Observation[];
  readonly anywhere: readonly Observation[];
  readonly coefficients: Coefficients;
}

/** Cycles of a kernel over those of the network: with less, networks do not tell what it takes. */
const noticeable = 0.15;
/** A network with more of one kernel times it as well as by itself. */
export const nearlyAll = 0.9;
/** With fewer networks that hold a kernel, how their time divides among kernels is anyone's guess. */
const enoughNetworks = 4;
/** Rows of single operators that show how a kernel varies within one network. */
const enoughOperators = 5;

export function holdsFamily(observation: Observation, family: string): boolean {
  return Object.entries(observation.terms).some(
    ([term, amount]) => term.startsWith(`${family}.`) && amount > 0,
  );
}

/** Part of a row's time that a kernel takes. */
function shareOf(observation: Observation, family: string, coefficients: Coefficients): number {
  const own = Object.entries(observation.terms).filter(([term]) => term.startsWith(`${family}.`));
  return (
    predict({ ...observation, terms: Object.fromEntries(own) }, coefficients) /
    predict(observation, coefficients)
  );
}

export interface Finding {
  readonly evidence: Evidence;
  /** Why the kernel is less sure than the network that holds it: a sentence. */
  readonly note?: string;
}

/** What is known of a kernel. */
export function evidenceOf(family: string, known: Known): Finding {
  const { own, sameCore, anywhere, coefficients } = known;
  const holds = (list: readonly Observation[]): boolean => list.some((row) => holdsFamily(row, family));
  const onCore = holds(sameCore);
  const weaker: Evidence = onCore ? 'core' : 'elsewhere';
  const holders = own.filter((row) => holdsFamily(row, family));
  if (holders.length > 0) {
    const networks = new Set(holders.map(({ network }) => network)).size;
    const timed = holders.filter(({ kind }) => kind === 'operators').length;
    if (networks < 2 && timed < enoughOperators) {
      const note = 'Only one of the measured networks holds this kernel: how it varies is not known.';
      return { evidence: weaker, note };
    }
    if (timed > 0) return { evidence: 'timed' };
    const most = Math.max(...holders.map((row) => shareOf(row, family, coefficients)));
    if (most >= nearlyAll) return { evidence: 'timed' };
    return { evidence: most < noticeable || networks < enoughNetworks ? weaker : 'networks' };
  }
  if (onCore) {
    const note = 'This kernel was measured on another board with this core, not on this one.';
    return { evidence: 'core', note };
  }
  const note = holds(anywhere)
    ? 'No measurement of this kernel on this core: carried over from another core.'
    : 'No measurement of this kernel: estimated from its inner loop.';
  return { evidence: 'elsewhere', note };
}

/** The kernel that takes at least `share` of a row's time. */
export function mainFamily(
  observation: Observation,
  coefficients: Coefficients,
  share: number,
): string | undefined {
  const families = new Set(Object.keys(observation.terms).map((term) => term.split('.')[0] ?? ''));
  families.delete('invoke');
  return [...families].find((family) => shareOf(observation, family, coefficients) >= share);
}
