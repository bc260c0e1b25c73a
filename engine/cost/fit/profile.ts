/** A fitted profile in the form of the runtime files. */

import type { FittedPath, LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import type { Observation } from './least-squares.ts';
import { fitProfile, leaveOneNetworkOut, type ProfileSpec } from './boards.ts';
import { conformalHalfWidth, intervalOf, median, round } from './intervals.ts';
import { priorOf, singleLayerPriors } from './priors.ts';

/** Two-sided relative half-width of a kernel that its board's single layers cover; builds differ by as much. */
const layerHalfWidth = 0.06;
/** Of a kernel that no measurement on this core covers: carried over from its inner loop or another core. */
const carriedHalfWidth = 0.5;

function holdsFamily(observation: Observation, family: string): boolean {
  return Object.entries(observation.terms).some(
    ([term, amount]) => term.startsWith(`${family}.`) && amount > 0,
  );
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
  // One network cannot be left out: nothing would be left. Its profile borrows the residuals of its sibling core,
  // half as wide again.
  const single = networks.size < 2;
  const pool = single ? [...residuals.values()].flat() : (residuals.get(spec.core) ?? []);
  const halfWidth = conformalHalfWidth(pool) * (single ? 1.5 : 1);
  const left = single ? [] : leaveOneNetworkOut(spec, observations, prior);

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
    const elsewhere = everywhere.some((observation) => holdsFamily(observation, family));
    const carried = rows === 0 && !inLayers;
    const width = inLayers
      ? layerHalfWidth
      : rows > 0
        ? halfWidth
        : elsewhere
          ? carriedHalfWidth / 1.25
          : carriedHalfWidth;
    fitted[family] = {
      cycles,
      interval: intervalOf(width),
      rows,
      ...(carried
        ? {
            note: `No measurement of this kernel on this core: ${
              elsewhere ? 'carried over from another core' : 'estimated from its inner loop'
            }.`,
          }
        : {}),
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
