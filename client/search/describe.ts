/** Where a search stands, in words. Pure. */

export interface Standing {
  readonly done: number;
  /** `undefined` for a search with a time budget only. */
  readonly trials: number | undefined;
  readonly failed: number;
  /** int8 accuracy, share in [0, 1]. */
  readonly best: number | undefined;
  readonly secondsLeft: number | undefined;
}

export function describeDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** For example `12 of 120 trials, best 88.4 %, about 9 min left`. */
export function describeStanding({ done, trials, best, secondsLeft }: Standing): string {
  const parts = [
    trials === undefined ? `${done} ${done === 1 ? 'trial' : 'trials'}` : `${done} of ${trials} trials`,
  ];
  if (best !== undefined) parts.push(`best ${(best * 100).toFixed(1)} %`);
  if (secondsLeft !== undefined) parts.push(`about ${describeDuration(secondsLeft)} left`);
  return parts.join(', ');
}
