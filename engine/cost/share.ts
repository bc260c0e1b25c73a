/**
 * The share of a space that meets the constraints: by visiting every architecture where there are few, else by
 * uniform sampling with Wilson's score interval (E. B. Wilson, JASA 22, 1927).
 */

import type { ConstraintSetting, Decisions, SearchSpace } from '../space/types.ts';
import { elaborated } from '../space/search-space.ts';
import { isCostMetric } from '../space/metrics.ts';
import { holds } from './metrics.ts';
import { createPricer, type NetworkTotals } from './pricer.ts';
import { seededRandom } from './random-source.ts';
import type { Target } from './target.ts';
import { isAbout } from './verdict.ts';
import { wilsonInterval } from './wilson.ts';

export interface ShareOptions {
  /** Architectures drawn when the space is too large to visit. */
  readonly samples?: number;
  readonly seed?: number;
  /** Spaces up to this size are visited whole. */
  readonly enumerate?: bigint;
}

export interface ShareResult {
  /** Of the architectures looked at, the share that meets every constraint. */
  readonly share: number;
  /** 95 % interval; equal to `share` when exact. */
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
  /** Architectures looked at so far. */
  readonly looked: number;
}

const defaultSamples = 2000;
const defaultEnumerationLimit = 2000n;
/** Architectures between two pauses of the generator: about 1 ms for spaces of up to {@link usualLength}. */
const slice = 64;
/** Instructions of a space of some fifty layers. */
const usualLength = 200;

/** Fewer architectures where each takes longer. */
function sliceOf(space: SearchSpace): number {
  const { length } = elaborated(space).graph.program.instructions;
  return Math.max(1, Math.floor((slice * usualLength) / Math.max(length, usualLength)));
}

/** Constraints that a prediction can decide on this target: costs, not accuracy, and not another board's. */
function applicable(constraints: readonly ConstraintSetting[], target: Target): readonly ConstraintSetting[] {
  return constraints.filter((each) => isCostMetric(each.metric) && isAbout(each, target));
}

function violates(totals: NetworkTotals, { metric, operator, bound }: ConstraintSetting): boolean {
  const value = isCostMetric(metric) ? totals[metric]?.value : undefined;
  return value !== undefined && !holds(value, operator, bound);
}

function resultOf(fitting: number, looked: number, exact: boolean): ShareResult {
  const share = looked === 0 ? 0 : fitting / looked;
  const unknown = looked === 0 ? { low: 0, high: 1 } : wilsonInterval(share, looked);
  return { share, ...(exact ? { low: share, high: share } : unknown), exact, looked };
}

/** Draws for each architecture that is wanted, in a space whose conditions exclude most of what is drawn. */
const attemptsPerSample = 20;

/** `undefined` for what was drawn in vain. */
function* draws(space: SearchSpace, options: ShareOptions): Generator<Decisions | undefined> {
  const random = seededRandom(options.seed ?? 1);
  const wanted = options.samples ?? defaultSamples;
  let found = 0;
  for (let count = 0; count < wanted * attemptsPerSample && found < wanted; count += 1) {
    const drawn = space.trySample(random);
    if (drawn !== undefined) found += 1;
    yield drawn;
  }
}

/**
 * The share of architectures that meet every cost constraint on the target; deterministic for a seed. Works in slices of
 * about a millisecond: yields what is known so far, so that a server can stop or pause between them, and returns the
 * final result.
 */
export function* shareInSlices(
  space: SearchSpace,
  target: Target,
  constraints: readonly ConstraintSetting[],
  options: ShareOptions = {},
): Generator<ShareResult, ShareResult, undefined> {
  const all = applicable(constraints, target);
  const pricer = createPricer(space, target);
  const size = space.size();
  const whole = size.exact && size.count <= (options.enumerate ?? defaultEnumerationLimit);
  const pause = sliceOf(space);
  let [fitting, looked, sinceYield] = [0, 0, 0];
  for (const decisions of whole ? space.enumerate() : draws(space, options)) {
    if (decisions !== undefined) {
      const totals = pricer.price(decisions);
      looked += 1;
      if (!all.some((constraint) => violates(totals, constraint))) fitting += 1;
    }
    sinceYield += 1;
    if (sinceYield === pause) {
      sinceYield = 0;
      yield resultOf(fitting, looked, false);
    }
  }
  return resultOf(fitting, looked, whole);
}
