/** Coefficients in the form of the runtime files, with intervals that say how well each kernel is covered by rows. */

import type { FittedPath, LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import { intervalOf, round } from './intervals.ts';
import { predict, type Coefficients, type Extent, type Observation } from './least-squares.ts';
import { sizeQuantity } from './observations.ts';

/** Two-sided relative half-width of a kernel that its board's single layers cover; builds differ by as much. */
const layerHalfWidth = 0.06;
/** A single operator is less certain than the network that was measured. */
const operatorWidening = 1.3;
/**
 * Of a kernel that was timed as part of whole networks alone: how it divides their time with others is not known. Operators
 * of an STM32H745, an nRF52840 and an EFR32 that were timed one by one lie as far from profiles that never saw one.
 */
const partOfNetworksHalfWidth = 0.35;
/** The same where it never took a noticeable part of the time. */
const smallPartHalfWidth = 0.7;
/** Cycles of a kernel over those of the network: more are noticed, and nearly all are as good as timed alone. */
const noticeable = 0.15;
const alone = 0.9;
/** Of a kernel that only one of the profile's networks holds: how it varies is not known. */
const oneNetworkHalfWidth = 0.5;
/** Rows of single operators that show how a kernel varies within one network. */
const enoughOperators = 5;
/** Of a kernel measured on another board with the core: fully connected layers differ by as much between two. */
const otherBoardHalfWidth = 0.2;
/** Of a kernel measured on another core only. */
const otherCoreHalfWidth = 0.4;
/** Of a kernel that no measurement covers. */
const estimatedHalfWidth = 0.5;

/** Single layers of the board, by family. */
export interface Layers {
  readonly families: ReadonlySet<string>;
  readonly extents: Readonly<Record<string, Extent>>;
  readonly rows: number;
}

export interface ProfileInput {
  readonly id: string;
  readonly core: string;
  readonly boards: readonly string[];
  readonly build: string;
  readonly paths: readonly LatencyPath[];
  readonly coefficients: Coefficients;
  /** Rows of the profile itself. */
  readonly own: readonly Observation[];
  /** Rows of another board that was built with the same flags: they show how a kernel varies. */
  readonly helpers?: readonly Observation[];
  /** Rows of other boards with the core, and of any board. */
  readonly sameCore: readonly Observation[];
  readonly anywhere: readonly Observation[];
  readonly layers?: Layers;
  /** Half-widths on the log scale, of whole networks: on the boards measured, and on others with the core. */
  readonly halfWidth: number;
  readonly otherBoardsHalfWidth: number;
  readonly medianError: number | undefined;
  readonly sources: LatencyProfile['sources'];
}

function holdsFamily(observation: Observation, family: string): boolean {
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

/** The extents that hold those of every observation. */
export function joinExtents(
  observations: readonly Observation[],
  start: Readonly<Record<string, Extent>> = {},
): Record<string, Extent> {
  const joined: Record<string, Extent> = { ...start };
  for (const { extents } of observations) {
    for (const [family, { low, high }] of Object.entries(extents)) {
      const known = joined[family];
      joined[family] = { low: Math.min(known?.low ?? low, low), high: Math.max(known?.high ?? high, high) };
    }
  }
  return joined;
}

interface Coverage {
  readonly halfWidth: number;
  readonly note?: string;
}

/** How well a kernel is known: by what was measured of it, and where. */
function coverageOf(family: string, input: ProfileInput): Coverage {
  if (input.layers?.families.has(family) === true) return { halfWidth: layerHalfWidth };
  const holders = input.own.filter((observation) => holdsFamily(observation, family));
  const wide = input.halfWidth * operatorWidening;
  if (holders.length > 0) {
    const timed = holders.filter(({ kind }) => kind === 'operators');
    const alike = (input.helpers ?? []).filter((observation) => holdsFamily(observation, family));
    const networks = new Set([...holders, ...alike].map(({ network }) => network)).size;
    if (networks < 2 && timed.length < enoughOperators) {
      const note = 'Only one of the measured networks holds this kernel: how it varies is not known.';
      return { halfWidth: Math.max(oneNetworkHalfWidth, wide), note };
    }
    if (timed.length > 0) return { halfWidth: wide };
    const most = Math.max(...holders.map((row) => shareOf(row, family, input.coefficients)));
    if (most > alone) return { halfWidth: wide };
    return { halfWidth: Math.max(most < noticeable ? smallPartHalfWidth : partOfNetworksHalfWidth, wide) };
  }
  const holds = (list: readonly Observation[]): boolean =>
    list.some((observation) => holdsFamily(observation, family));
  if (holds(input.sameCore)) {
    const note = 'This kernel was measured on another board with this core, not on this one.';
    return { halfWidth: Math.max(otherBoardHalfWidth, wide), note };
  }
  if (holds(input.anywhere)) {
    const note = 'No measurement of this kernel on this core: carried over from another core.';
    return { halfWidth: Math.max(otherCoreHalfWidth, wide), note };
  }
  const note = 'No measurement of this kernel: estimated from its inner loop.';
  return { halfWidth: Math.max(estimatedHalfWidth, wide), note };
}

/** The profile that `npm run fit` writes. */
export function assembleProfile(input: ProfileInput): LatencyProfile {
  const { coefficients, own, halfWidth } = input;
  const extents = joinExtents(own, input.layers?.extents);
  const paths: Record<string, FittedPath> = {};
  for (const path of input.paths) {
    const { family, terms } = path;
    const cycles = Object.fromEntries(
      terms
        .map((term) => [term, round(coefficients[`${family}.${term}`] ?? 0)] as const)
        .filter(([, value]) => value > 0),
    );
    const coverage = coverageOf(family, input);
    paths[family] = {
      cycles,
      interval: intervalOf(coverage.halfWidth),
      ...(extents[family] === undefined
        ? {}
        : { envelope: { quantity: sizeQuantity(path), ...extents[family] } }),
      rows: own.filter((observation) => holdsFamily(observation, family)).length,
      ...(coverage.note === undefined ? {} : { note: coverage.note }),
    };
  }
  return {
    id: input.id,
    core: input.core,
    boards: input.boards,
    build: input.build,
    invokeCycles: round(coefficients.invoke ?? 0),
    paths,
    network: {
      ...intervalOf(halfWidth),
      otherBoards: intervalOf(Math.max(halfWidth, input.otherBoardsHalfWidth)),
      ...(input.medianError === undefined ? {} : { medianError: round(input.medianError, 2) }),
      rows: own.length + (input.layers?.rows ?? 0),
    },
    sources: input.sources,
  };
}

/** Of a network on a core that no row of the runtime is of. */
const carriedHalfWidth = 0.5;

/**
 * A profile for a core without rows: `from` at another pace. Its intervals are of a size that two cores differ by, beyond
 * what their paces say.
 */
export function carryOver(from: LatencyProfile, core: string, pace: number): LatencyProfile {
  const note = `Carried over from the ${from.core}, whose rows were brought to the pace of the ${core}; no row is of this core.`;
  const widened = (interval: { readonly low: number; readonly high: number }) =>
    intervalOf(Math.max(carriedHalfWidth, Math.log(interval.high)));
  const paths = Object.fromEntries(
    Object.entries(from.paths).map(([family, path]): [string, FittedPath] => [
      family,
      {
        ...path,
        cycles: Object.fromEntries(
          Object.entries(path.cycles).map(([term, cycles]) => [term, round(cycles * pace)]),
        ),
        interval: widened(path.interval),
        rows: 0,
        note,
      },
    ]),
  );
  return {
    id: `${core}-carried`,
    core,
    boards: [],
    carriedFrom: from.core,
    build: from.build,
    invokeCycles: round(from.invokeCycles * pace),
    paths,
    network: { ...widened(from.network), rows: 0 },
    sources: from.sources,
  };
}
