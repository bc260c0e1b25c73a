/** What an architecture costs on a target. */

export type * from './types.ts';
export type { Target } from './target.ts';
export { price } from './price.ts';
export { dataRam, holdsData, placeArena } from './placement.ts';
export { createPricer, type NetworkTotals, type SpacePricer } from './pricer.ts';
export {
  boundSpace,
  visitArenas,
  withArena,
  type BoundOptions,
  type Instance,
  type MetricBounds,
  type SpaceBounds,
  type StatementBounds,
  type StatementSupport,
} from './bounds.ts';
export { boundKnownLayers, type LocatedError } from './known-layers.ts';
export { constraintVerdict, type ConstraintVerdict } from './verdict.ts';
export { shareInSlices, shareThatFits, type ShareOptions, type ShareResult } from './share.ts';
export { boundOf, holds, isCostMetric, limitedBound, metricOf, violationOf } from './metrics.ts';
export type { ProgramBounds } from './program-bounds.ts';
export {
  resolveTarget,
  isCalled,
  shippedProfiles,
  type Profiles,
  type ResolvedTarget,
  type TargetProblem,
  type TargetRequest,
} from './resolve.ts';
export { supportOf, supportOfShapes } from './support-of.ts';
export { poolingLike, poolsLike, reductionRule, withChannels } from './kernel-verdict.ts';
export { onlyMoves } from './moving-operators.ts';
export { latencyTerms, type LatencyTerm, type LatencyTerms } from './terms.ts';
export * from './format.ts';
