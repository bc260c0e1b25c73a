/** What an architecture costs on a target. */

export type * from './types.ts';
export { buildText, scheduleText, type Target } from './target.ts';
export { targetIds, type TargetId } from './target-id.ts';
export { isTargetOn } from './target-name.ts';
export { predictLayers } from './predicted.ts';
export { arenaOfGraphs, price } from './price.ts';
export { type ArenaPlan, planArena } from './plan-arena.ts';
export { dataRam, holdsData, placeArena } from './placement.ts';
export { createPricer, type NetworkTotals } from './pricer.ts';
export { boundSpace, withMemory, type SpaceBounds } from './bounds.ts';
export { memoryOf, visitMemory, type VisitedMemory } from './memory-visits.ts';
export type { Instance, StatementBounds, StatementSupport } from './statement-bounds.ts';
export { boundKnownLayers, type LocatedError } from './known-layers.ts';
export { constraintVerdict, type ConstraintVerdict, isAbout } from './verdict.ts';
export { shareInSlices } from './share.ts';
export { boundOf, holds } from './metrics.ts';
export {
  resolveTarget,
  isCalled,
  shippedProfiles,
  type Profiles,
  type TargetProblem,
  type TargetRequest,
} from './resolve.ts';
export { poolingLike, reductionRule, withChannels } from './kernel-verdict.ts';
export { onlyMoves } from './moving-operators.ts';
export { latencyTerms, type LatencyTerms } from './terms.ts';
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
