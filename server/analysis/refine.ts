/**
 * Makes the bounds of RAM exact. What an arena needs is not a sum over layers, so on a keystroke it is bounded by the
 * sum of all buffers where the space is not tiny; afterwards, while nobody types, every architecture is planned.
 */

import { visitMemory, withMemory } from '../../engine/cost/index.ts';
import { isSuperseded } from '../../engine/space/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { layersOnTargets, replaceCost, spaceCosts, type SpaceCost } from './costs.ts';
import { Cancelled, type Slices } from './slices.ts';
import type { Snapshot } from './snapshot.ts';

/** Spaces of up to so many architectures are looked at one by one: a fraction of a second each. */
export const exactLimit = 50_000n;

/** Architectures of a long program take longer each; after so much work its bounds stay as they are. */
const mostMs = 5000;

/** Whether the bounds of RAM of a space will be exact once there was time. */
function isRefinable(space: SearchSpace): boolean {
  const { count, exact } = space.size();
  return exact && count <= exactLimit;
}

/**
 * Refines every space of the snapshot that can be. Returns whether any bound has changed. Throws `Cancelled` when
 * the text has been edited.
 */
export async function refineRam(snapshot: Snapshot, slices: Slices, limitMs = mostMs): Promise<boolean> {
  let changed = false;
  for (const cost of spaceCosts(snapshot)) {
    const now = await refined(cost, slices, limitMs);
    if (now === undefined) continue;
    replaceCost(snapshot, cost, now);
    changed = true;
  }
  return changed;
}

async function refined(cost: SpaceCost, slices: Slices, limitMs: number): Promise<SpaceCost | undefined> {
  const isExact = cost.targets.every(({ bounds }) => bounds.total.ram.exact);
  if (isExact || cost.isFinal === true || !isRefinable(cost.space)) return undefined;
  const targets: SpaceCost['targets'][number][] = [];
  let workedMs = 0;
  for (const { target, bounds } of cost.targets) {
    const work = visitMemory(cost.space, target, exactLimit);
    for (;;) {
      await slices.pause();
      if (isSuperseded(cost.space)) throw new Cancelled();
      const started = performance.now();
      const step = work.next();
      workedMs += performance.now() - started;
      if (step.done !== true && workedMs < limitMs) continue;
      const memory = step.done === true ? step.value : undefined;
      targets.push({ target, bounds: memory === undefined ? bounds : withMemory(bounds, memory) });
      break;
    }
  }
  return { ...cost, targets, layers: layersOnTargets(targets), isFinal: true };
}

/** One sentence on bounds of RAM that are not exact; `undefined` when they are. */
export function ramRemark({ space, targets, isFinal }: SpaceCost): string | undefined {
  if (targets.every(({ bounds }) => bounds.total.ram.exact)) return undefined;
  const known = 'No architecture lies outside the bounds of RAM, but they may be too wide: ';
  if (!isRefinable(space)) {
    return `${known}they are made exact for spaces of up to ${Number(exactLimit).toLocaleString('en-US')} architectures.`;
  }
  return isFinal === true
    ? `${known}planning every one takes longer than ${mostMs / 1000} s, so this is as exact as they get. Fewer layers or options make them exact.`
    : `${known}every one is planned while you pause.`;
}
