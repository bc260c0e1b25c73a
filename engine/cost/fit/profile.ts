/** Coefficients in the form of the runtime files, with intervals that say how well each kernel is covered by rows. */

import type { FittedPath, LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import { intervalOf, round } from './intervals.ts';
import { evidenceOf, holdsFamily, type Evidence } from './evidence.ts';
import type { Coefficients, Extent, Observation } from './least-squares.ts';
import { shapeQuantities, sizeQuantity } from './observations.ts';
import type { Basis, OperatorCalibration } from './operator-intervals.ts';

/** Of a kernel that is known in a way that no error speaks for. */
const unknownHalfWidth = 0.5;

export interface ProfileInput {
  readonly id: string;
  /** Name of the runtime file. */
  readonly file: string;
  readonly core: string;
  readonly boards: readonly string[];
  readonly build: string;
  readonly paths: readonly LatencyPath[];
  readonly coefficients: Coefficients;
  /** Rows of the profile itself. */
  readonly own: readonly Observation[];
  /** Rows of other boards with the core, and of any board. */
  readonly sameCore: readonly Observation[];
  readonly anywhere: readonly Observation[];
  /** Errors of single operators, which their intervals are made of. */
  readonly operators: OperatorCalibration;
  /** Half-widths on the log scale, of whole networks: on the boards measured, and on others with the core. */
  readonly halfWidth: number;
  readonly otherBoardsHalfWidth: number;
  readonly medianError: number | undefined;
  readonly sources: LatencyProfile['sources'];
}

/** The extents that hold those of every observation. */
function joinExtents(observations: readonly Observation[]): Record<string, Extent> {
  const joined: Record<string, Extent> = {};
  for (const { extents } of observations) {
    for (const [family, { low, high }] of Object.entries(extents)) {
      const known = joined[family];
      joined[family] = { low: Math.min(known?.low ?? low, low), high: Math.max(known?.high ?? high, high) };
    }
  }
  return joined;
}

const knownAs: Readonly<Record<Evidence, string>> = {
  timed: 'timed one by one inside networks of their board',
  networks: 'measured as part of whole networks of their board',
  core: 'measured on another board with the core',
  elsewhere: 'not measured on the core',
};

/** Where an interval comes from: a sentence. */
function basisOf({ from, errors }: Basis, evidence: Evidence): string {
  const whose = {
    profile: 'operators of this kind on this profile',
    family: 'operators of this kind on all profiles',
    evidence: 'operators of other kinds on all profiles',
  };
  const many = String(errors).replace(/\B(?=(\d{3})+$)/g, ',');
  const few = from === 'profile' ? '' : '; this profile has too few of its own';
  return `The interval comes from the errors of ${many} ${whose[from]} that were ${knownAs[evidence]}, each predicted without its like${few}.`;
}

interface Coverage {
  readonly halfWidth: number;
  readonly basis: string | undefined;
  readonly note: string | undefined;
}

/** How well a kernel is known: by the errors of operators that are known as well. */
function coverageOf(family: string, input: ProfileInput): Coverage {
  const { file, id, operators, halfWidth } = input;
  const { evidence, note } = evidenceOf(family, input);
  const profile = `${file} ${id}`;
  const own = operators.halfWidth(profile, family, evidence) ?? unknownHalfWidth;
  const basis = operators.basis(profile, family, evidence);
  return {
    // What was not timed alone is no surer than the networks that hold it.
    halfWidth: Math.max(own, halfWidth),
    basis: basis && basisOf(basis, evidence),
    note,
  };
}

/** What was measured of a path, by size and by shape. */
function measuredOf(
  path: LatencyPath,
  extents: Readonly<Record<string, Extent>>,
): Pick<FittedPath, 'envelope' | 'shape'> {
  const quantity = sizeQuantity(path);
  const size = extents[`${path.family}.${quantity}`];
  if (size === undefined) return {};
  const shape = shapeQuantities(path).flatMap((name) => {
    const extent = extents[`${path.family}.${name}`];
    // What is left over after groups of four grows with the size: that some is, is what makes a shape.
    const isSize = name === 'remainderInputs' && extent !== undefined && extent.high > 0;
    return extent === undefined || isSize ? [] : [[name, [extent.low, extent.high]] as const];
  });
  return {
    envelope: { quantity, ...size },
    ...(shape.length === 0 ? {} : { shape: Object.fromEntries(shape) }),
  };
}

/** The profile that `npm run fit` writes. */
export function assembleProfile(input: ProfileInput): LatencyProfile {
  const { coefficients, own, halfWidth } = input;
  const extents = joinExtents(own);
  const paths: Record<string, FittedPath> = {};
  for (const path of input.paths) {
    const { family, terms } = path;
    if (terms.length === 0) continue;
    const cycles = Object.fromEntries(
      terms
        .map((term) => [term, round(coefficients[`${family}.${term}`] ?? 0)] as const)
        .filter(([, value]) => value > 0),
    );
    const coverage = coverageOf(family, input);
    paths[family] = {
      cycles,
      interval: intervalOf(coverage.halfWidth),
      ...measuredOf(path, extents),
      rows: own.filter((observation) => holdsFamily(observation, family)).length,
      ...(coverage.basis === undefined ? {} : { basis: coverage.basis }),
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
      rows: own.length,
    },
    sources: input.sources,
  };
}

/** Of a network on a core that no row of the runtime is of. */
const carriedHalfWidth = 0.5;

/**
 * A profile for a core without rows: `from` by another scale factor. Its intervals are of a size that two cores differ by, beyond
 * what their scale factors say.
 */
export function carryOver(from: LatencyProfile, core: string, scaleFactor: number): LatencyProfile {
  const note = `Carried over from the ${from.core}, whose rows were brought to the pace of the ${core}; no row is of this core.`;
  const widened = (interval: { readonly low: number; readonly high: number }) =>
    intervalOf(Math.max(carriedHalfWidth, Math.log(interval.high)));
  const paths = Object.fromEntries(
    Object.entries(from.paths).map(([family, path]): [string, FittedPath] => [
      family,
      {
        ...path,
        cycles: Object.fromEntries(
          Object.entries(path.cycles).map(([term, cycles]) => [term, round(cycles * scaleFactor)]),
        ),
        interval: widened(path.interval),
        rows: 0,
        basis: undefined,
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
    invokeCycles: round(from.invokeCycles * scaleFactor),
    paths,
    network: { ...widened(from.network), rows: 0 },
    sources: from.sources,
  };
}
