/**
 * Pareto dominance and what follows from it: fronts, crowding, hypervolume. All objectives are minimised.
 * Constrained domination, fast non-dominated sorting and crowding distance follow Deb, Pratap, Agarwal and
 * Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II" (IEEE TEC 6(2), 2002).
 */

import type { Scores } from './types.ts';

/** A point with its objectives and how far it misses the constraints. */
export interface Rated {
  readonly scores: Scores;
  readonly violation: number;
}

/** No worse anywhere and better somewhere. */
export function dominates(a: Scores, b: Scores): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? Infinity;
    const y = b[i] ?? Infinity;
    if (x > y) return false;
    if (x < y) better = true;
  }
  return better;
}

/** Deb's constrained domination: feasible before infeasible, less violation before more, then Pareto. */
export function constrainedDominates(a: Rated, b: Rated): boolean {
  if (a.violation > 0 || b.violation > 0) return a.violation < b.violation;
  return dominates(a.scores, b.scores);
}

/** Indices of the points that no other dominates, in their order; of equal points the first stands for all. */
export function nonDominated(points: readonly Scores[]): number[] {
  return points.flatMap((point, i) =>
    points.some((other, j) => dominates(other, point) || (j < i && equal(other, point))) ? [] : [i],
  );
}

/** Fast non-dominated sort: indices by front, best first. */
export function sortIntoFronts(points: readonly Rated[]): number[][] {
  const dominated: number[][] = points.map(() => []);
  const dominators = points.map(() => 0);
  points.forEach((a, i) =>
    points.forEach((b, j) => {
      if (!constrainedDominates(a, b)) return;
      dominated[i]?.push(j);
      dominators[j] = (dominators[j] ?? 0) + 1;
    }),
  );
  const fronts: number[][] = [];
  let front = dominators.flatMap((count, i) => (count === 0 ? [i] : []));
  while (front.length > 0) {
    fronts.push(front);
    const next: number[] = [];
    for (const i of front) {
      for (const j of dominated[i] ?? []) {
        const left = (dominators[j] ?? 0) - 1;
        dominators[j] = left;
        if (left === 0) next.push(j);
      }
    }
    front = next.sort((a, b) => a - b);
  }
  return fronts;
}

/** Crowding distance of each of `points` (one front): the ends are infinite, lonely points are large. */
export function crowdingDistances(points: readonly Scores[]): number[] {
  const distance = points.map(() => 0);
  const dimensions = points[0]?.length ?? 0;
  for (let d = 0; d < dimensions; d++) {
    const at = (i: number): number => points[i]?.[d] ?? 0;
    const order = points.map((_, i) => i).sort((a, b) => at(a) - at(b) || a - b);
    const first = order[0];
    const last = order[order.length - 1];
    if (first === undefined || last === undefined) continue;
    const extent = at(last) - at(first);
    distance[first] = Infinity;
    distance[last] = Infinity;
    if (!(extent > 0)) continue;
    for (let k = 1; k < order.length - 1; k++) {
      const [before, here, after] = [order[k - 1], order[k], order[k + 1]];
      if (before === undefined || here === undefined || after === undefined) continue;
      distance[here] = (distance[here] ?? 0) + (at(after) - at(before)) / extent;
    }
  }
  return distance;
}

/** All indices, best first: by front, then lonely before crowded, then in the order given. */
export function rankByFrontAndCrowding(points: readonly Rated[]): number[] {
  return sortIntoFronts(points).flatMap((front) => {
    const crowding = crowdingDistances(front.map((i) => points[i]?.scores ?? []));
    return front
      .map((index, k) => ({ index, crowding: crowding[k] ?? 0 }))
      .sort((a, b) => (a.crowding === b.crowding ? a.index - b.index : b.crowding - a.crowding))
      .map((entry) => entry.index);
  });
}

/**
 * The exact volume that `points` dominate, up to `reference` (a point worse than all that shall count), by
 * slicing along the last objective (While, Hingston, Barone and Huband, "A faster algorithm for calculating
 * hypervolume", IEEE TEC 10(1), 2006). In the product of the objectives' units. Made for 1 to 4 objectives
 * and fronts of some hundred points.
 */
export function hypervolume(points: readonly Scores[], reference: Scores): number {
  const inside = points.filter((p) => p.every((value, i) => value < (reference[i] ?? -Infinity)));
  return slice(
    nonDominated(inside).map((i) => inside[i] ?? []),
    reference,
  );
}

function slice(points: readonly Scores[], reference: Scores): number {
  const last = reference.length - 1;
  const end = reference[last] ?? 0;
  const at = (p: Scores): number => p[last] ?? end;
  if (last === 0) return points.length === 0 ? 0 : end - Math.min(...points.map(at));
  const sorted = [...points].sort((a, b) => at(a) - at(b));
  if (last === 1) return sweep(sorted, reference[0] ?? 0, end);
  const lower = reference.slice(0, last);
  let volume = 0;
  sorted.forEach((point, i) => {
    const next = sorted[i + 1];
    const depth = (next === undefined ? end : at(next)) - at(point);
    if (depth <= 0) return;
    const projected = sorted.slice(0, i + 1).map((p) => p.slice(0, last));
    volume +=
      depth *
      slice(
        nonDominated(projected).map((k) => projected[k] ?? []),
        lower,
      );
  });
  return volume;
}

/** Two objectives: `points` ascending in the second. */
function sweep(points: readonly Scores[], width: number, height: number): number {
  let area = 0;
  let reached = width;
  for (const point of points) {
    const x = point[0] ?? width;
    if (x >= reached) continue;
    area += (reached - x) * (height - (point[1] ?? height));
    reached = x;
  }
  return area;
}

function equal(a: Scores, b: Scores): boolean {
  return a.every((value, i) => value === b[i]);
}
