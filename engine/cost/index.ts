/** What an architecture costs on a target. */

export type * from './types.ts';
export { buildText, scheduleText, type Target } from './target.ts';
export { targetIds, type TargetId } from './target-id.ts';
export { isTargetOn } from './target-name.ts';
export { arenaOfGraphs, price } from './price.ts';
export { dataRam, holdsData, placeArena } from './placement.ts';
export { createPricer, type NetworkTotals, type SpacePricer } from './pricer.ts';
export { boundSpace, withMemory, type BoundOptions, type SpaceBounds } from './bounds.ts';
export { memoryOf, visitMemory, type VisitedMemory } from './memory-visits.ts';
export type { Instance, MetricBounds, StatementBounds, StatementSupport } from './statement-bounds.ts';
export { boundKnownLayers, type LocatedError } from './known-layers.ts';
export { constraintVerdict, type ConstraintVerdict, isAbout } from './verdict.ts';
export { shareInSlices, shareThatFits, type ShareOptions, type ShareResult } from './share.ts';
export { boundIn, boundOf, holds } from './metrics.ts';
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
export { poolingLike, reductionRule, withChannels } from './kernel-verdict.ts';
export { onlyMoves } from './moving-operators.ts';
export { latencyTerms, type LatencyTerm, type LatencyTerms } from './terms.ts';
export * from './format.ts';
export {
  assumedOfArena,
  missingOfSchedule,
  originOfEnergy,
  originOfLatency,
  originOfMemory,
  originOfSchedule,
  type Missing,
} from './origin.ts';
export { scheduledCosts } from './schedule.ts';
export { seededRandom } from './random-source.ts';
