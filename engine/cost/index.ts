/** What an architecture costs on a target. */

export type * from './types.ts';
export type { Target } from './target.ts';
export { price } from './price.ts';
export {
  resolveTarget,
  shippedProfiles,
  type Profiles,
  type ResolvedTarget,
  type TargetProblem,
  type TargetRequest,
} from './resolve.ts';
export { supportOf, supportOfShapes } from './support.ts';
