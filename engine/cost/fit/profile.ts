/** A fitted profile in the form of the runtime files. */

import type { FittedPath, LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import type { Extent, Observation } from './least-squares.ts';
import { coreOf, fitProfile, leaveOneNetworkOut, type ProfileSpec } from './boards.ts';
import { conformalHalfWidth, intervalOf, median, round } from './intervals.ts';
import { sizeQuantity } from './observations.ts';
import { priorOf, singleLayerExtents, singleLayerPriors } from './priors.ts';

/** Two-sided relative half-width of a kernel that its board's single layers cover; builds differ by as much. */
const layerHalfWidth = 0.06;
/** Of a kernel that only one of the board's networks holds: how it varies is not known. */
const oneNetworkHalfWidth = 0.3;
/** Rows of single operators that show how a kernel varies within one network. */
const enoughOperators = 5;
/** Of whole networks on a board of which only single layers were measured. */
const noNetworkHalfWidth = 0.25;
/** Of a kernel measured on another board with the core: fully connected layers differ by as much between two. */
const otherBoardHalfWidth = 0.2;
/** Of a kernel measured on another core only. */
const otherCoreHalfWidth = 0.4;
/** Of a kernel that no measurement covers. */
const estimatedHalfWidth = 0.5;

interface Coverage {
  /** `undefined` where the residuals of the board's own networks say it. */
  readonly halfWidth: number | undefined;
  readonly note: string | undefined;
}

function coverageOf(own: boolean, sameCore: boolean, anywhere: boolean): Coverage {
  if (own) return { halfWidth: undefined, note: undefined };
  if (sameCore) {
    const note = 'This kernel was measured on another board with this core, not on this one.';
    return { halfWidth: otherBoardHalfWidth, note };
  }
  if (anywhere) {
    const note = 'No measurement of this kernel on this core: carried over from another core.';
    return { halfWidth: otherCoreHalfWidth, note };
  }
  const note = 'No measurement of this kernel: estimated from its inner loop.';
  return { halfWidth: estimatedHalfWidth, note };
}

function holdsFamily(observation: Observation, family: string): boolean {
  return Object.entries(observation.terms).some(
    ([term, amount]) => term.startsWith(`${family}.`) && amount > 0,
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

/** Residuals of all profiles of a core: a board with few networks borrows its neighbours'. */
export function pooledResiduals(
  specs: readonly ProfileSpec[],
  observations: ReadonlyMap<string, readonly Observation[]>,
): ReadonlyMap<string, readonly number[]> {
  const byCore = new Map<string, number[]>();
  for (const spec of specs) {
    const left = leaveOneNetworkOut(spec, observations, priorOf(spec.core, spec.layers));
    const list = byCore.get(spec.core) ?? [];
    list.push(...left.map(({ ratio }) => ratio));
    byCore.set(spec.core, list);
  }
  return byCore;
}

export function makeProfile(
  spec: ProfileSpec,
  paths: readonly LatencyPath[],
  observations: ReadonlyMap<string, readonly Observation[]>,
  residuals: ReadonlyMap<string, readonly number[]>,
  sources: LatencyProfile['sources'],
): LatencyProfile {
  const prior = priorOf(spec.core, spec.layers);
  const coefficients = fitProfile(spec, observations, prior);
  const own = observations.get(spec.id) ?? [];
  const networks = new Set(own.map((observation) => observation.network));
  const everywhere = [...observations.values()].flat();
  const sameCore = [...observations].filter(([id]) => coreOf(id) === spec.core).flatMap(([, list]) => list);
  // One network cannot be left out: nothing would be left. Its profile borrows the residuals of its sibling core,
  // half as wide again.
  const single = networks.size < 2;
  const pool = single ? [...residuals.values()].flat() : (residuals.get(spec.core) ?? []);
  const pooled = conformalHalfWidth(pool) * (single ? 1.5 : 1);
  const halfWidth = networks.size === 0 ? Math.max(noNetworkHalfWidth, pooled) : pooled;
  const left = single ? [] : leaveOneNetworkOut(spec, observations, prior);

  const extents = joinExtents(own, singleLayerExtents[spec.layers ?? '']);
  const fitted: Record<string, FittedPath> = {};
  for (const path of paths) {
    const { family } = path;
    const cycles = Object.fromEntries(
      path.terms
        .map((term) => [term, round(coefficients[`${family}.${term}`] ?? 0)] as const)
        .filter(([, value]) => value > 0),
    );
    const rows = own.filter((observation) => holdsFamily(observation, family)).length;
    const inLayers = Object.keys(singleLayerPriors[spec.layers ?? ''] ?? {}).some((t) =>
      t.startsWith(`${family}.`),
    );
    const holds = (list: readonly Observation[]) =>
      list.some((observation) => holdsFamily(observation, family));
    const support = coverageOf(rows > 0 || inLayers, holds(sameCore), holds(everywhere));
    const holders = own.filter((observation) => holdsFamily(observation, family));
    const varied =
      new Set(holders.map(({ network }) => network)).size >= 2 ||
      holders.filter(({ kind }) => kind === 'operators').length >= enoughOperators;
    const fromNetworks = !varied ? Math.max(oneNetworkHalfWidth, halfWidth) : halfWidth;
    const width = inLayers ? layerHalfWidth : (support.halfWidth ?? fromNetworks);
    fitted[family] = {
      cycles,
      interval: intervalOf(width),
      ...(extents[family] === undefined
        ? {}
        : { envelope: { quantity: sizeQuantity(path), ...extents[family] } }),
      rows,
      ...(support.note === undefined ? {} : { note: support.note }),
    };
  }
  return {
    id: spec.id,
    core: spec.core,
    boards: spec.boards,
    build: spec.build,
    invokeCycles: round(coefficients.invoke ?? 0),
    paths: fitted,
    network: {
      ...intervalOf(halfWidth),
      ...(left.length >= 3
        ? { medianError: round(median(left.map(({ ratio }) => Math.abs(ratio - 1))), 2) }
        : {}),
      rows: own.length,
    },
    sources,
  };
}
