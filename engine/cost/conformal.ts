/**
 * The split-conformal quantile that holds `share` of new values: the ceil((n + 1) share)-th smallest; with too few values
 * for that rank, the greatest of them, enlarged by the share that is missing.
 */
export function quantileRank(values: readonly number[], share = 0.9): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil((sorted.length + 1) * share);
  const at = sorted[Math.min(rank, sorted.length) - 1] ?? 0.5;
  return rank <= sorted.length ? at : at * (rank / sorted.length);
}
