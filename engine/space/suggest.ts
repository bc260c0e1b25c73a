/** "Did you mean": the nearest of the names that would have been right. */

/**
 * Optimal string alignment distance (Damerau-Levenshtein without repeated edits of one place), ignoring case.
 * Returns `limit + 1` as soon as the distance is known to exceed `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

/** The candidate nearest to `name`, if any is near enough to be a slip of the hand (a third of its length). */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = editDistance(name, candidate, bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Comparisons of names for the suggestions of one file: hundreds of mistakes in a file of ordinary length. */
const MOST_COMPARISONS = 40_000;

/** {@link nearest} for the mistakes of one file, the later of which get no suggestion when there are very many. */
export class Suggestions {
  private left = MOST_COMPARISONS;

  nearest(name: string, ...candidates: readonly Iterable<string>[]): string | undefined {
    return this.left > 0 ? nearest(name, this.counted(candidates)) : undefined;
  }

  private *counted(candidates: readonly Iterable<string>[]): Generator<string> {
    for (const some of candidates) {
      for (const candidate of some) {
        if (this.left-- <= 0) return;
        yield candidate;
      }
    }
  }
}
