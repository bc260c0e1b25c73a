/** How the server keeps V8's collections of garbage out of the time in which somebody waits for an answer. */

import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that two keystrokes in a file of a thousand lines leave behind; V8 itself collects at about 16 MB. */
const enoughBytes = 6e6;

/**
 * A keystroke makes a space and everything said of it anew, and the old ones are garbage. V8 takes objects that
 * outlive a few collections for ones that stay and begins to allocate their like in the old generation, where they
 * keep the young ones that they refer to alive until the next full collection: most garbage is then copied twice.
 */
export function keepGarbageYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** Of the memory that the process may have; garbage counts until it is collected. */
const scarceShare = 0.75;

/** Whether the heap is about to be used up. */
export function isHeapScarce(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > scarceShare * limit;
}

/** Bytes in the young generation, garbage or not. */
export function youngBytes(): number {
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  return young?.space_used_size ?? 0;
}

/**
 * A function that collects the young generation if there is something to collect: some 2 ms that would otherwise
 * fall into every sixth keystroke. Does nothing where V8 does not let itself be asked.
 *
 * @param enough bytes in the young generation from which it is worth the while
 */
export function youngCollector(enough = enoughBytes): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as typeof globalThis.gc;
  // Nothing else in the process is to see the function.
  setFlagsFromString('--no-expose-gc');
  if (collect === undefined) return () => undefined;
  return () => {
    if (youngBytes() >= enough) collect({ type: 'minor' });
  };
}
