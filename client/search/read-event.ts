/** Reads what a search process prints: one JSON object per line. */

import type { SearchEvent } from '../../engine/search/types.ts';

const kinds: Readonly<Record<SearchEvent['event'], true>> = {
  started: true,
  message: true,
  'trial-started': true,
  epoch: true,
  trial: true,
  progress: true,
  finished: true,
  failed: true,
};

/** The event, or `undefined` for a line that is none, such as a warning of a library. */
export const readEvent = (line: string): SearchEvent | undefined => eventOf<SearchEvent>(line, kinds);

/** The same for a job with other kinds of events. */
export function eventOf<E extends { readonly event: string }>(
  line: string,
  kinds: Readonly<Record<E['event'], true>>,
): E | undefined {
  if (!line.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('event' in value)) return undefined;
  return typeof value.event === 'string' && Object.hasOwn(kinds, value.event)
    ? (value as unknown as E)
    : undefined;
}
