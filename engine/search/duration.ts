/** Times of searches in words. */

const MINUTE = 60;
/** Below so many seconds, and so many minutes, the smaller unit is more readable. */
const SMALL = 90;

/** `4 min`, `1 h 20 min`, `35 s` */
export function durationText(seconds: number): string {
  if (seconds < SMALL) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / MINUTE);
  return minutes < SMALL ? `${minutes} min` : `${Math.floor(minutes / MINUTE)} h ${minutes % MINUTE} min`;
}

/** `2 to 5 min left`, `at most 40 s left`: rounded outwards, so that nothing is promised that is not known. */
export function rangeLeftText({ low, high }: { readonly low: number; readonly high: number }): string {
  const [unit, size, step] =
    high <= SMALL
      ? ['s', 1, high <= 20 ? 5 : 10]
      : high <= SMALL * MINUTE
        ? ['min', MINUTE, 1]
        : ['h', 3600, 0.5];
  const from = Math.floor(low / size / step) * step;
  const to = Math.max(step, Math.ceil(high / size / step) * step);
  if (from === to) return `about ${to} ${unit} left`;
  return from <= 0 ? `at most ${to} ${unit} left` : `${from} to ${to} ${unit} left`;
}
