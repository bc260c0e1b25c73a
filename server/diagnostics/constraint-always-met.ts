/** `constraint/always-met`: every architecture meets a constraint, so it says nothing. */

import type { Problem } from '../../engine/space/types.ts';
import { constraintViews, type ConstraintView } from '../analysis/constraints.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { problemIn } from './problem.ts';

export function alwaysMetConstraints(snapshot: Snapshot): Problem[] {
  const byPlace = new Map<number, ConstraintView[]>();
  for (const view of constraintViews(snapshot)) {
    if (view.setting.source.file !== snapshot.uri || view.setting.implied) continue;
    const views = byPlace.get(view.setting.source.start) ?? [];
    views.push(view);
    byPlace.set(view.setting.source.start, views);
  }
  return [...byPlace.values()].flatMap((views) => {
    // A constraint that matters on one target or in one space matters.
    const [first] = views;
    if (first === undefined || views.some(({ verdict }) => verdict !== 'always')) return [];
    // That the one architecture of a network meets it is what it is there to say.
    if (views.every(({ space }) => space.choices.every(({ options }) => options.length === 1))) return [];
    const message = `Every architecture meets this constraint: ${first.text}. Tighten it, or remove it.`;
    return [problemIn(snapshot, 'constraint/always-met', first.setting.source, message)];
  });
}
